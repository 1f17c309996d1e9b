// Reading after the session has closed or failed, so that the peer gets the close frame.

#include "test.hpp"
#include "session/session_fixture.hpp"

using namespace session_test;

namespace {

octets many(std::string_view text, int count) {
  octets all;
  for (int i = 0; i < count; ++i) all = std::move(all) + frame(role::server, text_frame, octets_of(text));
  return all;
}

}  // namespace

TEST_CASE("after close() with unread messages the session reads on to the peer's close frame") {
  session_fixture c(role::server, limits().receive_queue_bytes(1));
  octets bytes = many("message", 10);
  c.session.feed(bytes, start);
  c.session.release_input();
  REQUIRE_FALSE(c.session.next_io().read);
  c.session.close(close_code::normal, "bye");
  REQUIRE(c.session.next_io().read);
  octets rest = many("message", 10) + frame(role::server, close_frame, close_payload(1000));
  c.session.feed(rest, start);
  c.session.release_input();
  REQUIRE(c.session.settled());
  REQUIRE(c.session.info().clean);
  // Messages that were queued before are kept.
  REQUIRE(c.received() == std::vector<std::string>{"message"});
}

TEST_CASE("after close() with unread pieces the session reads on to the peer's close frame") {
  session_fixture c(role::server, limits().receive_queue_bytes(100));
  message_piece piece;
  REQUIRE_FALSE(c.session.next_piece(piece));
  octets bytes = frame(role::server, 0x01, octets_of("a")) + frame(role::server, 0x00, octets_of("b")) +
                 frame(role::server, 0x80, octets_of("c")) + many("more", 3);
  c.session.feed(bytes, start);
  c.session.release_input();
  REQUIRE_FALSE(c.session.next_io().read);
  c.session.close(close_code::normal, "bye");
  REQUIRE(c.session.next_io().read);
  c.receive_frame(close_frame, close_payload(1000));
  REQUIRE(c.session.info().clean);
  // The message that had begun is completed; later ones are dropped.
  REQUIRE(c.session.next_piece(piece));
  REQUIRE(text_of(piece.bytes) == "abc");
  REQUIRE(piece.last);
  REQUIRE_FALSE(c.session.next_piece(piece));
}

TEST_CASE("after a violation input is dropped up to a limit and then left unread") {
  session_fixture c(role::server);
  c.receive_frame(0x83, octets_of("a reserved opcode"));
  REQUIRE(c.session.info().code == close_code::protocol_error);
  REQUIRE(c.written().back().what == event::type::close);
  REQUIRE(c.session.next_io().end);
  octets junk(1 << 20);
  for (int i = 0; i < 64; ++i) {
    REQUIRE(c.session.next_io().read);
    c.session.feed(junk, start);
    c.session.release_input();
  }
  REQUIRE_FALSE(c.session.next_io().read);
  REQUIRE_FALSE(c.session.next_io().close_stream);
  c.session.on_timer(start + 5s);
  REQUIRE(c.session.next_io().close_stream);
}
