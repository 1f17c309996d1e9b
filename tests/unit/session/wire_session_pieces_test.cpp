// Messages in pieces: fragmented messages, and messages that are received as they arrive.

#include "test.hpp"
#include "session/session_fixture.hpp"

using namespace session_test;

namespace {

std::string next_piece(wire_session& session) {
  message_piece piece;
  if (!session.next_piece(piece)) return "none";
  return text_of(piece.bytes) + (piece.last ? "." : "...");
}

constexpr unsigned first_fragment = 0x01;
constexpr unsigned last_fragment = 0x80;

}  // namespace

TEST_CASE("the bytes of a piece stay valid until next_piece() is called again") {
  for (const role self : {role::client, role::server}) {
    session_fixture c(self);
    octets bytes = frame(self, 0x02, octets(300, std::byte{'a'})) + frame(self, 0x00, octets(200, std::byte{'b'})) +
                   frame(self, 0x80, octets(100, std::byte{'c'}));
    c.session.feed(bytes, start);
    std::vector<octets> given;
    for (int i = 0; i < 3; ++i) {
      message_piece piece;
      REQUIRE(c.session.next_piece(piece));
      c.session.release_input();
      given.emplace_back(piece.bytes.begin(), piece.bytes.end());
    }
    REQUIRE(given ==
            std::vector{octets(300, std::byte{'a'}), octets(200, std::byte{'b'}), octets(100, std::byte{'c'})});
  }
}

TEST_CASE("a fragmented message is reassembled for every input size") {
  const octets bytes = frame(role::server, 0x02, pattern(70'000)) +
                       frame(role::server, ping_frame, octets_of("between")) + frame(role::server, 0x80, pattern(300));
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{1'000}, bytes.size()}) {
    session_fixture c(role::server);
    std::size_t messages = 0;
    octets whole;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      octets part(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                  bytes.begin() + static_cast<std::ptrdiff_t>(std::min(at + step, bytes.size())));
      c.session.feed(part, start);
      c.session.release_input();
      message m;
      while (c.session.next(m)) {
        ++messages;
        whole.assign(m.bytes().begin(), m.bytes().end());
      }
    }
    REQUIRE(messages == 1);
    REQUIRE(whole == pattern(70'000) + pattern(300));
    REQUIRE(c.written() == std::vector{pong("between")});
  }
}

TEST_CASE("next() returns a message whole if next_piece() has returned none of it") {
  session_fixture c(role::server);
  REQUIRE(next_piece(c.session) == "none");
  c.receive_frame(text_frame, octets_of("one"));
  REQUIRE(c.received() == std::vector<std::string>{"one"});

  REQUIRE(next_piece(c.session) == "none");
  c.receive_frame(first_fragment, octets_of("two "));
  c.receive_frame(last_fragment, octets_of("parts"));
  REQUIRE(c.received() == std::vector<std::string>{"two parts"});
  REQUIRE(c.session.current_counters().messages_received == 2);
  REQUIRE(c.session.current_counters().bytes_received == 12);
}

TEST_CASE("received bytes are not counted twice when next() follows next_piece()") {
  session_metrics totals;
  session_options options = options_of(role::server);
  options.totals = &totals;
  wire_session session(options, start);
  octets begun = frame(role::server, 0x01, octets_of("begun "));
  octets rest = frame(role::server, 0x80, octets_of("and ended"));
  REQUIRE(next_piece(session) == "none");
  session.feed(begun, start);
  session.release_input();
  const std::uint64_t before = totals.bytes_received.value();
  message whole;
  REQUIRE_FALSE(session.next(whole));
  REQUIRE(totals.bytes_received.value() >= before);
  session.feed(rest, start);
  REQUIRE(session.next(whole));
  REQUIRE(whole.text() == "begun and ended");
  REQUIRE(totals.bytes_received.value() == whole.size());
  REQUIRE(totals.messages_received.value() == 1);
  REQUIRE(session.current_counters().bytes_received == whole.size());
}

TEST_CASE("after the skipped rest of a message next() returns the next message whole") {
  session_fixture c(role::server);
  c.receive_frame(first_fragment, octets_of("begun "));
  REQUIRE(next_piece(c.session) == "begun ...");
  REQUIRE(c.received().empty());
  REQUIRE(next_piece(c.session) == "none");
  c.receive_frame(last_fragment, octets_of("and not wanted"));
  c.receive_frame(text_frame, octets_of("whole"));
  REQUIRE(c.received() == std::vector<std::string>{"whole"});
}

TEST_CASE("pieces are returned in message order, queued ones first") {
  session_fixture c(role::server);
  c.receive_frame(text_frame, octets_of("one"));
  c.receive_frame(text_frame, octets_of("two"));
  c.receive_frame(first_fragment, octets_of("three "));
  REQUIRE(next_piece(c.session) == "one.");
  c.receive_frame(last_fragment, octets_of("and more"));
  REQUIRE(next_piece(c.session) == "two.");
  REQUIRE(next_piece(c.session) == "three ...");
  REQUIRE(next_piece(c.session) == "and more.");
  REQUIRE(c.session.current_counters().bytes_received == 20);
}

TEST_CASE("after a message was dropped in closing neither messages nor pieces are returned") {
  session_fixture c(role::server, limits().receive_queue_bytes(10));
  c.receive_frame(text_frame, octets_of("fills the queue"));
  c.session.close(close_code::normal, "enough");
  c.receive_frame(text_frame, octets_of("has no room"));
  c.receive_frame(first_fragment, octets_of("nor has this "));
  REQUIRE(next_piece(c.session) == "fills the queue.");
  REQUIRE(next_piece(c.session) == "none");
  c.receive_frame(last_fragment, octets_of("one"));
  REQUIRE(next_piece(c.session) == "none");
  c.receive_frame(close_frame, close_payload(1000));
  REQUIRE(c.session.info().clean);
}
