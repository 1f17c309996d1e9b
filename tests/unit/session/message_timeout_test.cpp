// Messages that arrive too slowly.

#include "test.hpp"
#include "session/session_fixture.hpp"

using namespace session_test;

namespace {

constexpr unsigned first_of_text = 0x01;
constexpr unsigned continuation = 0x00;
constexpr unsigned last_continuation = 0x80;

/// Bytes of the peer that arrive a few at a time.
struct slow_peer {
  session_fixture& c;
  octets bytes;
  std::size_t at = 0;

  void deliver(std::size_t count, time_point now) {
    octets some(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                bytes.begin() + static_cast<std::ptrdiff_t>(at + count));
    at += count;
    c.session.feed(some, now);
    c.session.release_input();
    c.session.on_timer(now);
  }
};

/// Does what the transport does without input: calls on_timer() when the session wants to, and answers pings.
void idle_until(session_fixture& c, time_point until) {
  for (time_point next = c.session.next_io().wake; next <= until && c.session.is_open();
       next = c.session.next_io().wake) {
    c.session.on_timer(next);
    const octets written(c.session.output().begin(), c.session.output().end());
    c.session.on_written(written.size());
    for (const recorded_event& t : read_all(make_reader(other(c.self)), written))
      if (t.what == event::type::ping) c.receive_frame(pong_frame, t.bytes, next);
  }
}

}  // namespace

TEST_CASE("a message that arrives byte by byte is ended with 1008 by message_timeout") {
  for (const role self : {role::client, role::server})
    for (const auto each : {5s, 29s}) {
      session_fixture c(self);
      slow_peer peer{c, frame(self, text_frame, octets(1'000, std::byte{'x'}))};
      time_point now = start;
      for (; now < start + 60s; now += each) {
        REQUIRE(c.session.is_open());
        peer.deliver(1, now);
      }
      idle_until(c, now + 1s);
      REQUIRE(c.session.info().code == close_code::policy_violation);
      REQUIRE(c.session.info().initiator == close_initiator::local);
      REQUIRE(c.session.failure() == errc::peer_timeout);
      // The remaining bytes are no longer parsed as a message.
      octets rest(peer.bytes.begin() + static_cast<std::ptrdiff_t>(peer.at), peer.bytes.end());
      c.session.feed(rest, now);
      c.session.release_input();
      REQUIRE(c.received().empty());
    }
}

TEST_CASE("the error of a message timeout gives the bytes received and the limits") {
  session_fixture c(role::server, limits().message_timeout(10s).min_message_rate(100));
  slow_peer peer{c, frame(role::server, text_frame, octets(1'000, std::byte{'x'}))};
  peer.deliver(8 + 250, start);
  REQUIRE(c.session.next_io().wake == start + 12'500ms);
  c.session.on_timer(start + 12'499ms);
  REQUIRE(c.session.is_open());
  c.session.on_timer(start + 12'500ms);
  REQUIRE(c.session.failure().detail() ==
          "250 bytes of a message came in 12500 ms; the limit is 10000 ms and 1 s for each 100 bytes");
  REQUIRE(c.written() == std::vector{closed(close_code::policy_violation, c.session.failure().detail())});
}

TEST_CASE("control frames between fragments do not extend the message timeout") {
  for (const unsigned control : {ping_frame, pong_frame}) {
    session_fixture c(role::server, limits().message_timeout(10s).min_message_rate(0));
    c.receive_frame(first_of_text, octets_of("first"), start);
    for (auto t = 1s; t < 10s; t += 1s) {
      c.receive_frame(control, octets(125), start + t);
      c.session.on_timer(start + t);
      REQUIRE(c.session.is_open());
    }
    c.session.on_timer(start + 10s);
    REQUIRE(c.session.info().code == close_code::policy_violation);
  }
}

TEST_CASE("empty fragments do not extend the message timeout") {
  session_fixture c(role::server, limits().message_timeout(10s));
  c.receive_frame(first_of_text, {}, start);
  for (auto t = 1s; t < 10s; t += 1s) c.receive_frame(continuation, {}, start + t);
  c.session.on_timer(start + 10s);
  REQUIRE(c.session.info().code == close_code::policy_violation);
}

TEST_CASE("the message timeout applies to incomplete headers and control frames") {
  for (const octets& bytes : {frame(role::server, text_frame, {}), frame(role::server, ping_frame, octets(125)),
                              frame(role::server, close_frame, octets(100))}) {
    session_fixture c(role::server, limits().message_timeout(10s));
    slow_peer peer{c, bytes};
    for (auto t = 0s; t < 10s; t += 2s) peer.deliver(1, start + t);
    REQUIRE(c.session.is_open());
    c.session.on_timer(start + 10s);
    REQUIRE(c.session.info().code == close_code::policy_violation);
    REQUIRE(c.session.failure().detail() ==
            "a part of a frame came in 10000 ms; the limit is 10000 ms and 1 s for each 1024 bytes");
  }
}

TEST_CASE("each message has its own timeout and none runs between messages") {
  session_fixture c(role::server, limits().message_timeout(10s));
  for (auto t = 0s; t < 100s; t += 9s) {
    c.receive_frame(first_of_text, octets_of("first"), start + t);
    c.receive_frame(ping_frame, {}, start + t + 4s);
    c.receive_frame(last_continuation, octets_of(", last"), start + t + 8s);
    c.session.on_timer(start + t + 8s);
    REQUIRE(c.received() == std::vector<std::string>{"first, last"});
  }
  idle_until(c, start + 1h);
  REQUIRE(c.session.is_open());
}

TEST_CASE("the timeout of a message that begins in the input which ends another one starts there") {
  session_fixture c(role::server, limits().message_timeout(10s));
  const octets one = frame(role::server, text_frame, octets_of("hello"));
  slow_peer peer{c, one + one + one};
  peer.deliver(3, start);
  peer.deliver(one.size(), start + 9s);
  REQUIRE(c.session.next_io().wake == start + 19s);
  peer.deliver(one.size(), start + 18s);
  c.session.on_timer(start + 27s);
  REQUIRE(c.session.is_open());
  c.session.on_timer(start + 28s);
  REQUIRE(c.session.info().code == close_code::policy_violation);
}

TEST_CASE("16 MiB at 256 kbit/s arrive within the default message timeout and rate") {
  for (const role self : {role::client, role::server}) {
    session_fixture c(self);
    // A packet per second, frames of one mebibyte.
    const octets part(std::size_t{1} << 20, std::byte{'x'});
    time_point now = start;
    for (unsigned i = 0; i < 16; ++i) {
      slow_peer peer{c, frame(self, i == 0 ? first_of_text : i == 15 ? last_continuation : continuation, part)};
      while (peer.at < peer.bytes.size()) {
        peer.deliver(std::min<std::size_t>(32'000, peer.bytes.size() - peer.at), now);
        REQUIRE(c.session.is_open());
        now += 1s;
      }
    }
    REQUIRE(now - start > 500s);
    REQUIRE(c.received().size() == 1);
  }
}

TEST_CASE("time in which reading is paused does not count toward the message timeout") {
  session_fixture c(role::server, limits().message_timeout(10s).receive_queue_bytes(1));
  octets bytes =
      frame(role::server, first_of_text, octets_of("a")) + frame(role::server, last_continuation, octets_of("b")) +
      frame(role::server, text_frame, octets_of("second")) + frame(role::server, first_of_text, octets_of("c"));
  c.session.feed(bytes, start);
  c.session.release_input();
  REQUIRE_FALSE(c.session.next_io().read);
  idle_until(c, start + 1h);
  REQUIRE(c.session.is_open());
  REQUIRE(c.received() == std::vector<std::string>{"ab", "second"});
  c.session.set_time(start + 1h);
  // The timeout of the unfinished message starts now.
  REQUIRE(c.session.next_io().read);
  c.receive_frame(ping_frame, {}, start + 1h);
  REQUIRE(c.session.next_io().wake == start + 1h + 10s);
  c.receive_frame(last_continuation, octets_of("d"), start + 1h + 9s);
  REQUIRE(c.received() == std::vector<std::string>{"cd"});
}

TEST_CASE("a message that is received in pieces is timed only while it is read") {
  session_fixture c(role::server, limits().message_timeout(10s));
  message_piece piece;
  REQUIRE_FALSE(c.session.next_piece(piece));
  time_point now = start;
  c.receive_frame(first_of_text, octets_of("first"), now);
  for (int i = 0; i < 20; ++i) {
    // Two pieces arrive at once. The application takes the second only after a minute, and everything is read then.
    octets two =
        frame(role::server, continuation, octets_of("one")) + frame(role::server, continuation, octets_of("two"));
    c.session.feed(two, now);
    c.session.release_input();
    REQUIRE_FALSE(c.session.next_io().read);
    idle_until(c, now + 60s);
    now += 60s;
    c.session.set_time(now);
    while (c.session.next_piece(piece)) {
    }
    c.session.set_time(now);
    REQUIRE(c.session.next_io().read);
    REQUIRE(c.session.is_open());
  }
  idle_until(c, now + 11s);
  REQUIRE(c.session.info().code == close_code::policy_violation);
}

TEST_CASE("a late timer lets the session read pending input before the message timeout applies") {
  session_fixture c(role::server, limits().message_timeout(10s).min_message_rate(0));
  c.receive_frame(first_of_text, octets_of("first"), start);
  c.session.on_timer(start + 300s);
  REQUIRE(c.session.is_open());
  REQUIRE(c.session.next_io().wake == start + 301s);
  SECTION("the message completes") {
    c.receive_frame(last_continuation, octets_of(" last"), start + 300s);
    REQUIRE(c.received() == std::vector<std::string>{"first last"});
  }
  SECTION("the message does not complete") {
    c.session.on_timer(start + 301s);
    REQUIRE(c.session.info().code == close_code::policy_violation);
  }
}

TEST_CASE("message_timeout(max) disables the timeout and min_message_rate(0) the rate") {
  session_fixture unlimited(role::server, limits().message_timeout(std::chrono::milliseconds::max()));
  unlimited.receive_frame(first_of_text, octets_of("first"), start);
  idle_until(unlimited, start + 23h);
  REQUIRE(unlimited.session.is_open());

  session_fixture strict(role::server, limits().message_timeout(10s).min_message_rate(0));
  strict.receive_frame(first_of_text, octets(1 << 20, std::byte{'x'}), start);
  strict.session.on_timer(start + 10s);
  REQUIRE(strict.session.info().code == close_code::policy_violation);
  REQUIRE(strict.session.failure().detail() == "1048576 bytes of a message came in 10000 ms; the limit is 10000 ms");
}
