#include "message_session.hpp"

#include "test.hpp"

using namespace std::chrono_literals;
using namespace twinsocket;
using detail::code_for_browser;
using detail::message_session;

namespace {

const detail::time_point start{std::chrono::hours(1)};

limits small_limits() {
  return limits().max_message_size(1000).receive_queue_bytes(2000).send_queue_bytes(5000).close_timeout(
      std::chrono::milliseconds(700));
}

}  // namespace

TEST_CASE("code_for_browser() adds 3000 to codes that WebSocket.close() rejects") {
  CHECK(code_for_browser(close_code::normal) == 1000);
  CHECK(code_for_browser(close_code::going_away) == 4001);
  CHECK(code_for_browser(close_code::bad_gateway) == 4014);
  CHECK(code_for_browser(static_cast<close_code>(3000)) == 3000);
  CHECK(code_for_browser(static_cast<close_code>(4999)) == 4999);
}

TEST_CASE("a local close is requested from the socket once and is clean if the socket ends with a code") {
  message_session session(small_limits(), {}, false, start);
  CHECK_FALSE(session.take_close_request());
  session.close(close_code::going_away, "enough");
  CHECK_FALSE(session.is_open());
  CHECK_FALSE(session.settled());
  CHECK(session.take_close_request());
  CHECK_FALSE(session.take_close_request());
  session.close(close_code::normal, "again");
  CHECK_FALSE(session.take_close_request());
  CHECK(session.due() == start + std::chrono::milliseconds(700));

  session.socket_ended(static_cast<close_code>(4001), "enough");
  CHECK(session.has_ended());
  CHECK(session.info() == close_info{close_code::going_away, "enough", true, close_initiator::local});
  CHECK(session.failure() == errc::closed);
  CHECK_FALSE(session.failed_locally());
}

TEST_CASE("a close by the peer is reported with its code and reason") {
  message_session session(small_limits(), {}, false, start);
  session.socket_ended(close_code::internal_error, "sorry");
  CHECK_FALSE(session.take_close_request());
  CHECK(session.has_ended());
  CHECK(session.info() == close_info{close_code::internal_error, "sorry", true, close_initiator::remote});
  CHECK(session.failure().detail() == "1011 (internal error) sorry");
}

TEST_CASE("1006 from the socket has no initiator, or the local side after a local close") {
  message_session lost(small_limits(), {}, false, start);
  lost.socket_ended(close_code::abnormal, "");
  CHECK(lost.info() == close_info{close_code::abnormal, "", false, close_initiator::none});

  message_session closing(small_limits(), {}, false, start);
  closing.close(close_code::normal, "");
  closing.socket_ended(close_code::abnormal, "");
  CHECK(closing.info() == close_info{close_code::abnormal, "", false, close_initiator::local});
}

TEST_CASE("a closing handshake over close_timeout ends with 1006 and peer_timeout") {
  message_session session(small_limits(), {}, false, start);
  session.close(close_code::normal, "");
  session.set_time(start + std::chrono::milliseconds(699));
  session.on_timer();
  CHECK_FALSE(session.has_ended());
  session.set_time(start + std::chrono::milliseconds(700));
  session.on_timer();
  CHECK(session.has_ended());
  CHECK(session.info() == close_info{close_code::abnormal, "", false, close_initiator::local});
  CHECK(session.failure() == errc::peer_timeout);
  CHECK(session.failure().detail().find("700 ms") != std::string::npos);
}

TEST_CASE("abort() ends the session immediately and later events are ignored") {
  message_session session(small_limits(), {}, false, start);
  session.abort();
  CHECK(session.has_ended());
  CHECK(session.info() == close_info{close_code::abnormal, "", false, close_initiator::local});
  session.abort();
  session.socket_ended(close_code::normal, "late");
  CHECK(session.info() == close_info{close_code::abnormal, "", false, close_initiator::local});
}

TEST_CASE("a message over max_message_size closes with 1009 and settles immediately") {
  message_session session(small_limits(), {}, false, start);
  CHECK(session.received(1000));
  CHECK_FALSE(session.received(1001));
  CHECK(session.take_close_request());
  CHECK(session.settled());
  CHECK_FALSE(session.has_ended());
  CHECK(session.failed_locally());
  CHECK(session.info().code == close_code::message_too_big);
  CHECK(session.info().initiator == close_initiator::local);
  CHECK(session.failure() == errc::message_too_big);
  CHECK_FALSE(session.received(1));
  // The timer drops a socket that does not end by itself, and does not change the result.
  session.set_time(session.due());
  session.on_timer();
  CHECK(session.has_ended());
  CHECK(session.info().code == close_code::message_too_big);
}

TEST_CASE("the receive queue accepts one message over receive_queue_bytes and then closes with 1013") {
  message_session session(small_limits(), {}, false, start);
  CHECK(session.received(1000));
  CHECK(session.received(1000));
  session.message_delivered(1000);
  CHECK(session.received(900));
  CHECK_FALSE(session.received(1));
  CHECK(session.take_close_request());
  CHECK(session.info().code == close_code::try_again_later);
  CHECK(session.info().reason.find("2000 bytes") != std::string::npos);
  CHECK(session.failure() == errc::closed);
  CHECK(session.failed_locally());
}

TEST_CASE("empty messages count toward the receive queue") {
  message_session session(small_limits(), {}, false, start);
  int delivered = 0;
  while (session.received(0)) ++delivered;
  CHECK(delivered > 10);
  CHECK(delivered < 100);
}

TEST_CASE("after a local close messages over the receive queue are dropped without an error") {
  message_session session(small_limits(), {}, false, start);
  session.close(close_code::normal, "");
  CHECK(session.received(1000));
  CHECK(session.received(1000));
  CHECK_FALSE(session.received(1000));
  CHECK_FALSE(session.settled());
  session.socket_ended(close_code::normal, "");
  CHECK(session.info() == close_info{close_code::normal, "", true, close_initiator::local});
}

TEST_CASE("may_send() compares the message and the buffered bytes with send_queue_bytes") {
  message_session session(small_limits(), {}, false, start);
  CHECK(session.may_send(5000, 0) == errc::ok);
  CHECK(session.may_send(5001, 0) == errc::message_too_big);
  CHECK(session.may_send(1000, 4000) == errc::ok);
  CHECK(session.may_send(1000, 4001) == errc::queue_full);
  CHECK(session.may_send(0, 5001) == errc::queue_full);
  session.close(close_code::normal, "");
  CHECK(session.may_send(1, 0) == errc::closed);
}

TEST_CASE("a heartbeat is requested after silence and a missing answer ends the session") {
  message_session session(small_limits(), {}, true, start);
  CHECK(session.due() == start + 30s);
  session.set_time(start + 30s);
  session.on_timer();
  CHECK(session.take_heartbeat_request());
  CHECK_FALSE(session.take_heartbeat_request());
  CHECK(session.due() == start + 50s);
  SECTION("a heartbeat answer restarts the interval") {
    session.set_time(start + 31s);
    session.on_input();
    CHECK(session.due() == start + 61s);
  }
  SECTION("a message restarts the interval") {
    session.set_time(start + 31s);
    CHECK(session.received(10));
    CHECK(session.due() == start + 61s);
  }
  SECTION("no answer ends the session with peer_timeout") {
    session.set_time(start + 50s);
    session.on_timer();
    CHECK(session.has_ended());
    CHECK(session.info() == close_info{close_code::abnormal, "", false, close_initiator::none});
    CHECK(session.failure() == errc::peer_timeout);
  }
}

TEST_CASE("no heartbeats are requested if they are not negotiated") {
  message_session session(small_limits(), {}, false, start);
  session.set_time(start + 10min);
  session.on_timer();
  CHECK_FALSE(session.take_heartbeat_request());
  CHECK(session.is_open());
  CHECK(session.due() == start + 24h);
}

TEST_CASE("idle_timeout closes with 1001 although heartbeats are answered") {
  message_session session(small_limits().idle_timeout(60s), {}, true, start);
  session.set_time(start + 20s);
  session.sent();
  session.set_time(start + 40s);
  session.on_input();
  CHECK(session.due() == start + 70s);
  session.set_time(start + 80s);
  session.on_timer();
  CHECK(session.take_close_request());
  CHECK(session.info().code == close_code::going_away);
  CHECK(session.info().reason == "no message for 60000 ms");
}
