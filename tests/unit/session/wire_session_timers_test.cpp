// Timers of a session: timeouts, pings and heartbeats.

#include "test.hpp"
#include "session/session_fixture.hpp"

using namespace session_test;

TEST_CASE("a heartbeat message is answered and not delivered if heartbeats are negotiated") {
  for (const bool agreed : {true, false}) {
    session_options options = options_of(role::server);
    options.heartbeats = agreed;
    wire_session session(options, start);
    octets bytes = frame(role::server, text_frame, octets(1)) + frame(role::server, text_frame, octets_of("after"));
    session.feed(bytes, start);
    std::vector<std::string> received;
    message m;
    while (session.next(m)) received.emplace_back(m.text());
    const octets written(session.output().begin(), session.output().end());
    if (agreed) {
      REQUIRE(received == std::vector<std::string>{"after"});
      REQUIRE(written == octets{std::byte{0x81}, std::byte{1}, std::byte{0}});
      REQUIRE(session.current_counters().messages_received == 1);
    } else {
      REQUIRE(received == std::vector<std::string>{std::string(1, '\0'), "after"});
      REQUIRE(written.empty());
    }
  }
}

TEST_CASE("heartbeat answers wait for the last fragment and are bounded if the peer does not read") {
  session_options options = options_of(role::server);
  options.heartbeats = true;
  wire_session session(options, start);
  const auto beat = [&] {
    octets bytes = frame(role::server, text_frame, octets(1));
    session.feed(bytes, start);
    session.release_input();
  };
  REQUIRE(session.send_fragment(message_kind::binary, octets(10), true, false) == errc::ok);
  beat();
  beat();
  REQUIRE(session.send_fragment(message_kind::binary, octets(10), false, true) == errc::ok);
  octets written(session.output().begin(), session.output().end());
  REQUIRE(written.size() == 12 + 12 + 3);
  REQUIRE(written[24] == std::byte{0x81});
  session.on_written(written.size());

  for (int i = 0; i < 100'000; ++i) beat();
  REQUIRE(session.buffered() < 70'000);
  session.on_written(session.output().size());
  REQUIRE(session.output().size() == 3);
}

TEST_CASE("counters give the round trip of the last answered ping") {
  session_fixture c(role::server);
  c.session.ping();
  const octets payload(c.session.output().begin() + 2, c.session.output().end());
  REQUIRE(c.session.current_counters().round_trip == 0ms);
  c.receive_frame(pong_frame, payload, start + 25ms);
  REQUIRE(c.session.current_counters().round_trip == 25ms);
}

TEST_CASE("close_timeout limits the closing handshake") {
  for (const bool answered : {false, true}) {
    session_fixture c(role::client, limits().close_timeout(3s));
    c.session.close(close_code::normal, "bye");
    static_cast<void>(c.written());
    if (answered) c.receive_frame(close_frame, close_payload(1000));
    REQUIRE(c.session.next_io().wake == start + 3s);
    c.session.on_timer(start + 3s - 1ms);
    REQUIRE_FALSE(c.session.next_io().close_stream);
    c.session.on_timer(start + 3s);
    REQUIRE(c.session.next_io().close_stream);
    if (answered) {
      REQUIRE(c.session.info() == close_info{close_code::normal, "bye", true, close_initiator::local});
    } else {
      REQUIRE(c.session.info() == close_info{close_code::abnormal, "", false, close_initiator::local});
      REQUIRE(c.session.failure() == errc::peer_timeout);
    }
  }
}

TEST_CASE("keepalive pings after silence and ends the session with 1006 if the peer stays silent") {
  for (const role self : {role::client, role::server}) {
    session_fixture c(self);
    REQUIRE(c.session.next_io().wake == start + 30s);
    c.session.on_timer(start + 30s - 1ms);
    REQUIRE(c.session.output().empty());
    c.session.on_timer(start + 30s);
    const std::vector<recorded_event> sent = c.written();
    REQUIRE(sent.size() == 1);
    REQUIRE(sent[0].what == event::type::ping);
    REQUIRE(c.session.next_io().wake == start + 50s);
    c.session.on_timer(start + 50s);
    REQUIRE(c.session.next_io().close_stream);
    REQUIRE(c.session.info() == close_info{close_code::abnormal, "", false, close_initiator::none});
    REQUIRE(c.session.failure() == errc::peer_timeout);
  }
}

TEST_CASE("a keepalive ping that is sent late has its full timeout") {
  session_fixture c(role::server);
  c.session.on_timer(start + 300s);
  REQUIRE(c.written().back().what == event::type::ping);
  REQUIRE(c.session.next_io().wake == start + 320s);
  c.session.on_timer(start + 320s - 1ms);
  REQUIRE_FALSE(c.session.next_io().close_stream);
  c.session.on_timer(start + 320s);
  REQUIRE(c.session.next_io().close_stream);
}

TEST_CASE("any received frame satisfies the keepalive") {
  session_fixture c(role::server);
  c.session.on_timer(start + 30s);
  c.receive_frame(pong_frame, {}, start + 49s);
  c.session.on_timer(start + 50s);
  REQUIRE_FALSE(c.session.next_io().close_stream);
  REQUIRE(c.session.next_io().wake == start + 79s);
}

TEST_CASE("a peer is not timed out while reading is paused") {
  session_fixture c(role::server, limits().receive_queue_bytes(1));
  octets bytes = frame(role::server, text_frame, octets_of("one")) + frame(role::server, text_frame, octets_of("two"));
  c.session.feed(bytes, start);
  c.session.release_input();
  for (auto t = 30s; t < 300s; t += 10s) c.session.on_timer(start + t);
  REQUIRE_FALSE(c.session.next_io().close_stream);
}

TEST_CASE("idle_timeout closes with 1001 even if the peer answers pings") {
  for (const role self : {role::client, role::server}) {
    session_fixture c(self, limits().idle_timeout(60s));
    c.receive_frame(text_frame, octets_of("hello"), start + 10s);
    c.receive_frame(pong_frame, {}, start + 65s);
    REQUIRE(c.session.next_io().wake == start + 70s);
    c.session.on_timer(start + 70s - 1ms);
    REQUIRE(c.session.is_open());
    REQUIRE(c.written().empty());
    c.session.on_timer(start + 70s);
    REQUIRE(c.session.info().code == close_code::going_away);
    REQUIRE(c.written() == std::vector{closed(close_code::going_away, "no message for 60000 ms")});
  }
}

TEST_CASE("sent messages reset idle_timeout") {
  session_fixture c(role::server, limits().idle_timeout(20s));
  c.session.set_time(start + 15s);
  REQUIRE(c.send(octets_of("hello")) == errc::ok);
  REQUIRE(c.session.next_io().wake == start + 30s);  // The ping's.
  c.session.on_timer(start + 30s);
  REQUIRE(c.session.is_open());
  c.session.on_timer(start + 35s);
  REQUIRE(c.session.info().code == close_code::going_away);
}

TEST_CASE("timeouts and keepalive of milliseconds::max() never expire") {
  const auto forever = std::chrono::milliseconds::max();
  wire_session session({.self = role::server,
                        .random = zero_bytes,
                        .limits = limits().idle_timeout(forever).close_timeout(forever),
                        .keepalive = keepalive().interval(forever).timeout(forever)},
                       start);
  REQUIRE(session.next_io().wake == time_point::max());
  session.on_timer(start + std::chrono::hours(24 * 365));
  REQUIRE(session.is_open());
  session.close(close_code::normal, "");
  REQUIRE(session.next_io().wake == time_point::max());
}

TEST_CASE("write_timeout ends the session if the peer accepts no bytes, even if it sends") {
  session_fixture c(role::server, limits().write_timeout(60s));
  c.session.set_time(start);
  REQUIRE(c.send(octets_of(std::string(1'000, 'x'))) == errc::ok);
  c.session.on_written(100);
  CHECK(c.session.next_io().wake <= start + 60s);
  for (auto passed = 10s; passed < 50s; passed += 10s) c.receive_frame(0x81, octets_of("more"), start + passed);
  // The network accepts some bytes: the timeout restarts.
  c.session.set_time(start + 50s);
  c.session.on_written(1);
  c.receive_frame(0x81, octets_of("more"), start + 109s);
  c.session.on_timer(start + 109s);
  REQUIRE(c.session.is_open());
  CHECK(c.session.next_io().wake == start + 110s);
  c.session.on_timer(start + 110s);
  CHECK(c.session.next_io().close_stream);
  CHECK(c.session.info().code == close_code::abnormal);
  CHECK(c.session.failure().detail() == "the peer accepted no bytes for 60000 ms");
}

TEST_CASE("has_new_io() is true while a deadline may become earlier") {
  session_fixture c(role::server);
  const auto wake = [&] { return c.session.next_io().wake; };
  REQUIRE_FALSE(c.session.has_new_io());
  time_point before = wake();
  c.receive_frame(text_frame, octets_of("whole"), start + 1s);
  REQUIRE(c.send(octets_of("answer")) == errc::ok);
  static_cast<void>(c.written());
  REQUIRE_FALSE(c.session.has_new_io());
  REQUIRE(wake() >= before);

  const octets bytes = frame(role::server, text_frame, octets_of("in two parts"));
  octets first(bytes.begin(), bytes.begin() + 8);
  octets rest(bytes.begin() + 8, bytes.end());
  c.session.feed(first, start + 2s);
  c.session.release_input();
  REQUIRE(c.session.has_new_io());
  c.session.feed(rest, start + 3s);
  c.session.release_input();
  REQUIRE_FALSE(c.session.has_new_io());

  REQUIRE(c.send(octets_of("answer")) == errc::ok);
  c.session.on_written(1);
  REQUIRE(c.session.has_new_io());
  static_cast<void>(c.written());
  REQUIRE_FALSE(c.session.has_new_io());

  c.session.on_timer(wake());
  REQUIRE(c.session.has_new_io());
  c.receive_frame(text_frame, octets_of("still here"), start + 1min);
  REQUIRE_FALSE(c.session.has_new_io());
  c.session.close(close_code::normal, "");
  REQUIRE(c.session.has_new_io());
}

TEST_CASE("write_timeout does not apply between messages") {
  session_fixture c(role::server, limits().write_timeout(60s));
  for (int i = 1; i < 5; ++i) {
    c.session.set_time(start + i * 50s);
    REQUIRE(c.send(octets_of("x")) == errc::ok);
    static_cast<void>(c.written());
    c.receive_frame(0x81, octets_of("more"), start + i * 50s);
    c.session.on_timer(start + i * 50s + 20s);
    REQUIRE(c.session.is_open());
  }
}
