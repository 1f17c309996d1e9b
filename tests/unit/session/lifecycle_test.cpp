// The lifecycle of a session alone: pings, timeouts and the end.

#include "test.hpp"
#include "session/session_fixture.hpp"

using namespace session_test;

namespace {

lifecycle make(const limits& values = {}, const keepalive& pings = {}) { return {values, pings, start}; }

}  // namespace

TEST_CASE("a pong acknowledges its ping and earlier ones and ignores unknown numbers") {
  lifecycle life = make();
  REQUIRE(life.begin_ping(start) == 1);
  REQUIRE(life.begin_ping(start + 1s) == 2);
  REQUIRE_FALSE(life.on_pong(0, start + 2s));
  REQUIRE_FALSE(life.on_pong(3, start + 2s));
  REQUIRE(life.on_pong(2, start + 4s));
  REQUIRE(life.answered_ping() == 2);
  REQUIRE(life.round_trip() == 3s);
  REQUIRE_FALSE(life.on_pong(1, start + 5s));
  REQUIRE_FALSE(life.on_pong(2, start + 5s));
  REQUIRE(life.round_trip() == 3s);
}

TEST_CASE("a ping payload has the ping number and the sender's payload") {
  const ping_payload sent(7, octets_of("mine"));
  REQUIRE(ping_payload::number_of(sent.bytes()) == 7);
  REQUIRE(text_of(sent.bytes().subspan(8)) == "mine");
  REQUIRE(ping_payload::number_of(octets_of("short")) == 0);
}

TEST_CASE("the keepalive sends a ping after silence and loses the peer, except while reading is paused") {
  const keepalive pings = keepalive().interval(10s).timeout(5s);
  lifecycle life = make({}, pings);
  using action = keepalive_timer::action;
  REQUIRE(life.due(start) == start + 10s);
  REQUIRE(life.on_timer(true, start + 9s) == action::none);
  REQUIRE(life.on_timer(true, start + 10s) == action::ping);
  REQUIRE(life.on_timer(false, start + 15s) == action::none);
  REQUIRE(life.on_timer(true, start + 25s) == action::ping);
  life.on_input(1, start + 26s);
  REQUIRE(life.on_timer(true, start + 30s) == action::none);
  REQUIRE(life.on_timer(true, start + 36s) == action::ping);
  REQUIRE(life.on_timer(true, start + 41s) == action::lost);
}

TEST_CASE("due() is the earlier of the keepalive and the idle deadline") {
  lifecycle life = make(limits().idle_timeout(5s));
  REQUIRE(life.due(start) == start + 5s);
  REQUIRE(life.idle_due(start + 1h) == start + 1h + 5s);
  REQUIRE(life.due(start + 1h) < start + 1h);
}

TEST_CASE("input is read until the stream ends and up to a limit after the closing handshake") {
  lifecycle life = make();
  life.on_input(2 * max_dropped, start);
  REQUIRE(life.wants_input());
  REQUIRE(life.peer_closed(close_code::normal, "", start, false));
  life.on_input(max_dropped - 1, start);
  REQUIRE(life.wants_input());
  life.on_input(1, start);
  REQUIRE_FALSE(life.wants_input());
  lifecycle ended = make();
  ended.stream_ended(true);
  REQUIRE_FALSE(ended.wants_input());
}

TEST_CASE("after the closing handshake the session ends once the output is written") {
  lifecycle life = make();
  REQUIRE(life.peer_closed(close_code::normal, "", start, false));
  life.on_drained();
  REQUIRE_FALSE(life.closing().is_closed());
  life.stream_ended(true);
  REQUIRE_FALSE(life.closing().is_closed());
  life.on_drained();
  REQUIRE(life.closing().is_closed());
  REQUIRE(life.closing().info().clean);
}

TEST_CASE("a stream that ends without a closing handshake is 1006 regardless of pending output") {
  lifecycle life = make();
  life.stream_ended(true);
  REQUIRE(life.closing().is_closed());
  REQUIRE(life.closing().info().code == close_code::abnormal);
}

TEST_CASE("a closing handshake over close_timeout fails with peer_timeout") {
  lifecycle life = make(limits().close_timeout(2s));
  REQUIRE_FALSE(life.closing_expired(start + 1h));
  REQUIRE(life.begin_close(close_code::normal, "bye", start));
  REQUIRE_FALSE(life.closing_expired(start + 1s));
  REQUIRE(life.closing_expired(start + 2s));
  life.stream_ended(false);
  REQUIRE(life.failure() == errc::peer_timeout);
  REQUIRE(life.failure().detail() == "the closing handshake took longer than 2000 ms");
}

TEST_CASE("the first failure is kept as the error of the session") {
  lifecycle life = make();
  REQUIRE(life.fail(close_code::protocol_error, "broken", errc::protocol_violation, start));
  life.stream_failed(twinsocket::error(errc::system));
  life.stream_ended(false);
  REQUIRE(life.failure() == errc::protocol_violation);
  REQUIRE(life.failure().close() != nullptr);
  lifecycle closed = make();
  closed.abort();
  REQUIRE(closed.failure() == errc::closed);
  REQUIRE(closed.closing().info().initiator == close_initiator::local);
}

TEST_CASE("a failure after close() is the result of the session, though the peer was told another code") {
  lifecycle life = make();
  REQUIRE(life.begin_close(close_code::normal, "bye", start));
  REQUIRE_FALSE(life.fail(close_code::protocol_error, "broken", errc::protocol_violation, start));
  REQUIRE(life.settled());
  REQUIRE(life.closing().info() == close_info{close_code::protocol_error, "broken", false, close_initiator::local});
  REQUIRE(life.failure() == errc::protocol_violation);
  REQUIRE(life.failure().detail() == "broken");
}

TEST_CASE("probe() pings only open sessions with keepalive enabled") {
  lifecycle life = make();
  REQUIRE(life.probe(start));
  REQUIRE(life.due(start) == start + 3s);
  REQUIRE(life.begin_close(close_code::normal, "", start));
  REQUIRE_FALSE(life.probe(start));
  lifecycle off = make({}, keepalive().off());
  REQUIRE_FALSE(off.probe(start));
}

TEST_CASE("new limits apply until the closing handshake begins") {
  lifecycle life = make();
  life.set_limits(limits().close_timeout(1s).idle_timeout(2s));
  REQUIRE(life.idle_due(start) == start + 2s);
  REQUIRE(life.begin_close(close_code::normal, "", start));
  life.set_limits(limits().close_timeout(9s));
  REQUIRE(life.closing().due() == start + 1s);
  REQUIRE(life.closing_expired(start + 1s));
  REQUIRE(life.failure().detail() == "the closing handshake took longer than 1000 ms");
}
