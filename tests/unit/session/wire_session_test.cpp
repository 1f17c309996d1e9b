// What a session reads and answers, and how it ends.

#include "test.hpp"
#include "session/session_fixture.hpp"

using namespace session_test;

TEST_CASE("a ping is answered without a pending receive()") {
  for (const role self : {role::client, role::server}) {
    session_fixture c(self);
    c.receive_frame(ping_frame, octets_of("are you there"));
    REQUIRE(c.written() == std::vector{pong("are you there")});
  }
}

TEST_CASE("messages from queue and input are returned in order") {
  session_fixture c(role::server);
  c.receive_frame(text_frame, octets_of("one"));
  c.receive_frame(text_frame, octets_of("two"));
  octets bytes =
      frame(role::server, text_frame, octets_of("three")) + frame(role::server, text_frame, octets_of("four"));
  c.session.feed(bytes, start);
  REQUIRE(c.received() == std::vector<std::string>{"one", "two", "three", "four"});
}

TEST_CASE("a full receive queue stops reading and taking messages resumes it") {
  session_fixture c(role::server, limits().receive_queue_bytes(100));
  REQUIRE(c.session.next_io().read);
  octets bytes;
  for (int i = 0; i < 10; ++i)
    bytes = std::move(bytes) + frame(role::server, text_frame, octets_of(std::string(50, 'x')));
  c.session.feed(bytes, start);
  c.session.release_input();
  REQUIRE_FALSE(c.session.next_io().read);
  std::fill(bytes.begin(), bytes.end(), std::byte{0});
  REQUIRE(c.received() == std::vector<std::string>(10, std::string(50, 'x')));
  REQUIRE(c.session.next_io().read);
}

TEST_CASE("a close frame is echoed with its code and the server ends the stream first") {
  for (const role self : {role::client, role::server}) {
    session_fixture c(self);
    c.receive_frame(close_frame, close_payload(4000, "bye"));
    REQUIRE(c.session.settled());
    REQUIRE(c.session.info() == close_info{static_cast<close_code>(4000), "bye", true, close_initiator::remote});
    REQUIRE(c.written() == std::vector{closed(static_cast<close_code>(4000), "bye")});
    REQUIRE(c.session.next_io().end == (self == role::server));
    REQUIRE_FALSE(c.session.next_io().close_stream);
    c.session.stream_ended();
    REQUIRE(c.session.next_io().close_stream);
    REQUIRE(c.session.info().clean);
  }
}

TEST_CASE("a close frame without a code is answered with an empty one") {
  session_fixture c(role::server);
  c.receive_frame(close_frame, {});
  REQUIRE(c.written() == std::vector{closed(close_code::no_status)});
  REQUIRE(c.session.info() == close_info{close_code::no_status, "", true, close_initiator::remote});
}

TEST_CASE("close() waits for the peer's close frame and keeps the local code") {
  session_fixture c(role::client);
  c.session.close(close_code::going_away, "leaving");
  REQUIRE(c.written() == std::vector{closed(close_code::going_away, "leaving")});
  REQUIRE_FALSE(c.session.settled());
  REQUIRE_FALSE(c.session.is_open());
  c.session.close(close_code::normal, "again");
  REQUIRE(c.session.output().empty());
  c.receive_frame(close_frame, close_payload(1000));
  REQUIRE(c.session.info() == close_info{close_code::going_away, "leaving", true, close_initiator::local});
  REQUIRE(c.session.output().empty());
}

TEST_CASE("after close() messages are still received and none are sent") {
  session_fixture c(role::server);
  c.session.close(close_code::normal, "");
  c.receive_frame(text_frame, octets_of("last words"));
  REQUIRE(c.received() == std::vector<std::string>{"last words"});
  REQUIRE(c.send(octets_of("too late")) == errc::closed);
  REQUIRE(c.written() == std::vector{closed(close_code::normal)});
}

TEST_CASE("after close() the peer's close frame is found after unread messages") {
  session_fixture c(role::server, limits().receive_queue_bytes(100));
  c.session.close(close_code::normal, "");
  octets bytes;
  for (int i = 0; i < 100; ++i) bytes = std::move(bytes) + frame(role::server, text_frame, octets_of("unwanted"));
  bytes = std::move(bytes) + frame(role::server, close_frame, close_payload(1000));
  c.session.feed(bytes, start);
  c.session.release_input();
  REQUIRE(c.session.settled());
  REQUIRE(c.session.info().clean);
}

TEST_CASE("after close() received messages are kept up to the queue limit and the rest is dropped") {
  session_fixture c(role::server, limits().receive_queue_bytes(100));
  c.session.close(close_code::normal, "");
  c.receive_frame(text_frame, octets_of("kept"));
  c.receive_frame(text_frame, octets_of(std::string(100, 'x')));
  c.receive_frame(text_frame, octets_of("dropped"));
  const std::vector<std::string> first = c.received();
  REQUIRE(first == std::vector<std::string>{"kept", std::string(100, 'x')});
  octets late = frame(role::server, text_frame, octets_of("dropped too"));
  c.session.feed(late, start);
  REQUIRE(c.received().empty());
  c.session.release_input();
  c.receive_frame(close_frame, close_payload(1000));
  REQUIRE(c.received().empty());
  REQUIRE(c.session.info().clean);
}

TEST_CASE("a protocol violation closes with its code and is reported as failure()") {
  session_fixture c(role::server);
  octets unmasked = frame(role::server, text_frame, octets_of("x"), false);
  c.session.feed(unmasked, start);
  c.session.release_input();
  const std::vector<recorded_event> answer = c.written();
  REQUIRE(answer.size() == 1);
  REQUIRE(answer[0].code == close_code::protocol_error);
  REQUIRE(c.session.info().code == close_code::protocol_error);
  REQUIRE(c.session.info().initiator == close_initiator::local);
  REQUIRE_FALSE(c.session.info().clean);
  REQUIRE(c.session.failure().code() == errc::protocol_violation);
  REQUIRE(c.session.failure().detail() == c.session.info().reason);
  REQUIRE(c.session.next_io().end);
}

TEST_CASE("messages before a protocol violation are delivered") {
  session_fixture c(role::server);
  octets bytes =
      frame(role::server, text_frame, octets_of("good")) + frame(role::server, text_frame, octets_of("bad"), false);
  c.session.feed(bytes, start);
  c.session.release_input();
  REQUIRE(c.received() == std::vector<std::string>{"good"});
}

TEST_CASE("a message may have 65536 fragments of 64 bytes and a million fragments end with 1008") {
  session_fixture c(role::server);
  const octets fragment = frame(role::server, 0x00, octets(64, std::byte{'x'}));
  c.receive_frame(0x01, {});
  for (int i = 0; i < 65'536; ++i) {
    octets bytes = fragment;
    c.session.feed(bytes, start);
    c.session.release_input();
  }
  c.receive_frame(0x80, {});
  const auto texts = c.received();
  REQUIRE(texts.size() == 1);
  CHECK(texts.front() == std::string(4 * twinsocket::mib, 'x'));

  c.receive_frame(0x01, {});
  for (int i = 0; i < 1'000'000 && c.session.is_open(); ++i) c.receive_frame(0x00, {});
  CHECK(c.session.info().code == close_code::policy_violation);
}

TEST_CASE("a stream that ends without a close frame is 1006 in every state") {
  struct state {
    const char* name;
    void (*enter)(session_fixture&);
    close_initiator who;
  };
  const state states[] = {
      {"open", [](session_fixture&) {}, close_initiator::none},
      {"within a frame",
       [](session_fixture& c) {
         octets part = frame(c.self, text_frame, octets_of("half a message"));
         part.resize(8);
         c.session.feed(part, start);
         c.session.release_input();
       },
       close_initiator::none},
      {"after our close", [](session_fixture& c) { c.session.close(close_code::normal, "bye"); },
       close_initiator::local},
  };
  for (const state& s : states)
    for (const role self : {role::client, role::server}) {
      CAPTURE(s.name);
      session_fixture c(self);
      s.enter(c);
      c.session.stream_ended();
      REQUIRE(c.session.settled());
      REQUIRE(c.session.next_io().close_stream);
      REQUIRE(c.session.info() == close_info{close_code::abnormal, "", false, s.who});
    }
}

TEST_CASE("a stream error is reported as failure()") {
  session_fixture c(role::client);
  c.session.stream_failed(twinsocket::error(errc::system, "reset", std::make_error_code(std::errc::connection_reset)));
  REQUIRE(c.session.info().code == close_code::abnormal);
  REQUIRE(c.session.failure() == errc::system);
  REQUIRE(c.session.next_io().close_stream);
}

TEST_CASE("the answer to a close frame is written after the peer has ended its stream") {
  session_fixture c(role::client);
  c.receive_frame(close_frame, close_payload(1000));
  c.session.stream_ended();
  REQUIRE_FALSE(c.session.next_io().close_stream);
  REQUIRE(c.session.next_io().write);
  REQUIRE(c.written() == std::vector{closed(close_code::normal)});
  REQUIRE(c.session.next_io().close_stream);
}

TEST_CASE("unsent pongs are bounded and the last ping is answered") {
  session_fixture c(role::server);
  const octets payload = octets_of(std::string(125, 'p'));
  for (int i = 0; i < 10'000; ++i) c.receive_frame(ping_frame, payload);
  c.receive_frame(ping_frame, octets_of("the last one"));
  REQUIRE(c.session.buffered() < 70'000);
  std::vector<recorded_event> pongs = c.written();
  REQUIRE(c.written() == std::vector{pong("the last one")});
}

TEST_CASE("send_queue_bytes bounds unsent messages and writing makes room") {
  session_fixture c(role::server, limits().send_queue_bytes(1'000));
  const octets payload = octets_of(std::string(600, 'x'));
  REQUIRE(c.send(payload) == errc::ok);
  REQUIRE(c.send(payload) == errc::queue_full);
  REQUIRE(c.send(octets_of(std::string(1'001, 'x'))) == errc::message_too_big);
  static_cast<void>(c.written());
  REQUIRE(c.send(payload) == errc::ok);
}

TEST_CASE("abort() discards the output and closes the stream") {
  session_fixture c(role::server);
  REQUIRE(c.send(octets_of("unsent")) == errc::ok);
  c.session.abort();
  REQUIRE(c.session.next_io().close_stream);
  REQUIRE(c.session.output().empty());
  REQUIRE(c.session.info() == close_info{close_code::abnormal, "", false, close_initiator::local});
}

TEST_CASE("after close() no ping is sent and none is answered") {
  session_fixture c(role::server);
  const std::uint64_t first = c.session.ping({});
  c.session.close(close_code::normal, "");
  REQUIRE(c.written().size() == 2);
  CHECK(c.session.ping({}) == first);
  c.receive_frame(ping_frame, octets_of("?"));
  c.session.probe();
  CHECK(c.session.output().empty());
  c.receive_frame(close_frame, close_payload(1000));
  CHECK(c.session.info().clean);
}

TEST_CASE("control frames are handled in the same way by hooks that are set and by those that are not") {
  session_fixture c(role::server);
  std::string seen;
  c.session.hooks().on_ping = [&](std::span<const std::byte> payload) { seen += "ping " + text_of(payload) + " "; };
  c.receive_frame(ping_frame, octets_of("a"));
  c.receive_frame(pong_frame, octets_of("b"));
  CHECK(seen == "ping a ");
  c.session.hooks().on_ping = nullptr;
  c.session.hooks().on_pong = [&](std::span<const std::byte> payload) { seen += "pong " + text_of(payload) + " "; };
  c.receive_frame(ping_frame, octets_of("c"));
  c.receive_frame(pong_frame, octets_of("d"));
  CHECK(seen == "ping a pong d ");
  CHECK(c.written() == std::vector{pong("a"), pong("c")});
  c.receive_frame(close_frame, close_payload(1001));
  CHECK(c.session.info() == close_info{close_code::going_away, "", true, close_initiator::remote});
}

TEST_CASE("a violation after close() is the result, and the peer is told nothing more") {
  session_fixture c(role::server);
  c.session.close(close_code::going_away, "leaving");
  octets unmasked = frame(role::server, text_frame, octets_of("x"), false);
  c.session.feed(unmasked, start);
  c.session.release_input();
  CHECK(c.session.settled());
  const close_info violation{close_code::protocol_error, "client frames must be masked (RFC 6455 section 5.1)", false,
                             close_initiator::local};
  CHECK(c.session.info() == violation);
  CHECK(c.written() == std::vector{closed(close_code::going_away, "leaving")});
  c.session.ran_out_of_memory();
  CHECK(c.session.info() == violation);
}
