// The state machine of receiving alone: which input leads to which event.

#include "test.hpp"
#include "session/session_fixture.hpp"

using namespace session_test;
using found = incoming::found;

namespace {

struct receiver {
  explicit receiver(const limits& values = {}, bool heartbeats = false, session_metrics* totals = nullptr)
      : in(role::server, values, {}, heartbeats, totals) {}

  void feed(octets bytes) {
    fed = std::move(bytes);
    in.feed(fed);
  }
  found next() { return in.next(whole, control, start); }
  std::string piece() {
    message_piece piece;
    if (in.next_piece(piece, control, start) != found::data) return "none";
    return text_of(piece.bytes) + (piece.last ? "." : "...");
  }
  void release(bool open = true) {
    while (in.release(open, control, start) > found::data) continue;
    std::fill(fed.begin(), fed.end(), std::byte{});
  }

  octets fed;
  incoming in;
  message whole;
  event control;
};

octets text(std::string_view payload) { return frame(role::server, text_frame, octets_of(payload)); }

}  // namespace

TEST_CASE("next() returns messages and control frames in stream order") {
  receiver r;
  r.feed(text("one") + frame(role::server, ping_frame, octets_of("?")) + text("two") +
         frame(role::server, close_frame, close_payload(1000)));
  REQUIRE(r.next() == found::data);
  REQUIRE(r.whole.text() == "one");
  REQUIRE(r.next() == found::control);
  REQUIRE(r.control.what == event::type::ping);
  REQUIRE(r.next() == found::data);
  REQUIRE(r.whole.text() == "two");
  REQUIRE(r.next() == found::control);
  REQUIRE(r.control.what == event::type::close);
  REQUIRE(r.next() == found::nothing);
  REQUIRE(r.in.messages() == 2);
  REQUIRE(r.in.bytes() == 6);
  REQUIRE(r.in.last_time() == start);
}

TEST_CASE("take() returns only whole unfragmented messages and leaves the rest to next()") {
  receiver r;
  REQUIRE_FALSE(r.in.take(r.whole, start));
  r.feed(text("one") + frame(role::server, 0x01, octets_of("be")) + frame(role::server, 0x80, octets_of("gun")));
  REQUIRE(r.in.take(r.whole, start));
  REQUIRE(r.whole.text() == "one");
  REQUIRE_FALSE(r.in.take(r.whole, start));
  REQUIRE(r.next() == found::data);
  REQUIRE(r.whole.text() == "begun");
  REQUIRE_FALSE(r.in.may_have_data());
}

TEST_CASE("queued messages are returned before the input") {
  receiver r;
  r.feed(text("queued"));
  r.release();
  r.feed(text("new"));
  REQUIRE(r.in.may_have_data());
  REQUIRE_FALSE(r.in.take(r.whole, start));
  REQUIRE(r.next() == found::data);
  REQUIRE(r.whole.text() == "queued");
  REQUIRE(r.in.take(r.whole, start));
  REQUIRE(r.whole.text() == "new");
}

TEST_CASE("a full receive queue leaves the rest of the input unread") {
  receiver r(limits().receive_queue_bytes(1));
  r.feed(text("one") + text("two") + text("three"));
  r.release();
  REQUIRE(r.in.has_unread());
  for (const char* expected : {"one", "two", "three"}) {
    REQUIRE(r.next() == found::data);
    REQUIRE(r.whole.text() == expected);
  }
  REQUIRE_FALSE(r.in.has_unread());
}

TEST_CASE("after a local close messages over the queue limit are dropped and the peer's close frame is found") {
  receiver r(limits().receive_queue_bytes(1));
  r.feed(text("kept") + text("dropped") + frame(role::server, close_frame, {}));
  REQUIRE(r.in.release(false, r.control, start) == found::control);
  REQUIRE(r.control.what == event::type::close);
  r.release(false);
  REQUIRE(r.next() == found::data);
  REQUIRE(r.whole.text() == "kept");
  REQUIRE(r.next() == found::nothing);
}

TEST_CASE("a U+0000 message is a heartbeat only if heartbeats are negotiated") {
  const octets beat = text(std::string_view("\0", 1));
  receiver plain;
  plain.feed(beat);
  REQUIRE(plain.next() == found::data);
  receiver agreed({}, true);
  agreed.feed(text("a") + beat + text("b"));
  REQUIRE(agreed.next() == found::data);
  REQUIRE(agreed.next() == found::heartbeat);
  REQUIRE(agreed.next() == found::data);
  REQUIRE(agreed.whole.text() == "b");
  REQUIRE(agreed.in.messages() == 2);
}

TEST_CASE("next() skips the rest of a message that next_piece() has begun") {
  receiver r;
  r.feed(frame(role::server, 0x01, octets_of("be")) + frame(role::server, 0x80, octets_of("gun")) + text("whole"));
  REQUIRE(r.piece() == "be...");
  REQUIRE(r.next() == found::data);
  REQUIRE(r.whole.text() == "whole");
  REQUIRE(r.next() == found::nothing);
}

TEST_CASE("queued pieces are returned before the input and discard_input() drops unread pieces") {
  receiver r;
  REQUIRE(r.piece() == "none");
  r.feed(text("early") + text("late"));
  r.release();
  REQUIRE(r.piece() == "early.");
  REQUIRE(r.piece() == "late.");
  r.feed(text("never"));
  r.release();
  r.in.discard_input();
  REQUIRE(r.piece() == "none");
}

TEST_CASE("stop() discards all later input") {
  receiver r;
  r.in.stop();
  r.feed(text("late"));
  REQUIRE(r.next() == found::nothing);
  REQUIRE_FALSE(r.in.has_unread());
}

TEST_CASE("an incomplete message expires after message_timeout and the error gives the bytes received") {
  receiver r(limits().message_timeout(1s).min_message_rate(0));
  r.feed(frame(role::server, 0x01, octets_of("half")));
  r.release();
  REQUIRE(r.in.due() == start + 1s);
  REQUIRE_FALSE(r.in.expired(start));
  REQUIRE(r.in.expired(start + 1s));
  REQUIRE(r.in.describe_delay(start + 1s) == "4 bytes of a message came in 1000 ms; the limit is 1000 ms");
}

TEST_CASE("session_metrics adds up the messages and bytes received by all sessions") {
  session_metrics totals;
  receiver a({}, false, &totals);
  receiver b({}, false, &totals);
  for (receiver* r : {&a, &b}) {
    r->feed(text("four"));
    REQUIRE(r->next() == found::data);
  }
  REQUIRE(totals.messages_received.value() == 2);
  REQUIRE(totals.bytes_received.value() == 8);
}

TEST_CASE("new limits of receiving apply to the next frame, and are read back") {
  receiver r;
  r.in.set_limits(limits().max_message_size(1).message_timeout(5s));
  REQUIRE(r.in.current_limits().max_message_size() == 1);
  REQUIRE(r.in.current_limits().message_timeout() == 5s);
  r.feed(text("ab"));
  REQUIRE(r.next() == found::control);
  REQUIRE(r.control.why == errc::message_too_big);
}
