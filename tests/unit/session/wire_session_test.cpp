#include "session/wire_session.hpp"

#include <string>
#include <vector>

#include "protocol/wire.hpp"
#include "test.hpp"

using namespace std::chrono_literals;
using namespace wire;
using twinsocket::close_info;
using twinsocket::close_initiator;
using twinsocket::keepalive;
using twinsocket::limits;
using twinsocket::message;

namespace {

const time_point start{std::chrono::hours(1)};

void zero_bytes(std::span<std::byte> out) { std::fill(out.begin(), out.end(), std::byte{0}); }

session_options options_of(role self, const limits& values = {}) {
  return {.self = self, .random = zero_bytes, .limits = values, .keepalive = {}};
}

role other(role self) { return self == role::server ? role::client : role::server; }

/// A session with the bytes that its shell would hold.
struct conversation {
  explicit conversation(role self, const limits& values = {})
      : self(self), session(options_of(self, values), start) {}

  /// The peer sends a frame, nobody receives.
  void peer_sends(unsigned first, const octets& payload, time_point now = start) {
    octets bytes = frame(self, first, payload);
    session.feed(bytes, now);
    session.stash();
  }
  /// What this side writes, as the peer reads it.
  std::vector<told> written() {
    const octets bytes(session.output().begin(), session.output().end());
    session.wrote(bytes.size());
    return read_all(make_reader(other(self)), bytes);
  }
  errc send(const octets& payload) { return session.send({.kind = message_kind::text, .bytes = payload}); }
  std::vector<std::string> received() {
    std::vector<std::string> texts;
    message m;
    while (session.next(m)) texts.emplace_back(m.text());
    return texts;
  }

  role self;
  wire_session session;
};

octets close_payload(unsigned code, std::string_view reason = {}) {
  return octets{static_cast<std::byte>(code >> 8), static_cast<std::byte>(code & 0xff)} + octets_of(reason);
}

constexpr unsigned text_frame = 0x81;
constexpr unsigned close_frame = 0x88;
constexpr unsigned ping_frame = 0x89;
constexpr unsigned pong_frame = 0x8a;

}  // namespace

TEST_CASE("a ping is answered though nobody receives") {
  for (const role self : {role::client, role::server}) {
    conversation c(self);
    c.peer_sends(ping_frame, octets_of("are you there"));
    REQUIRE(c.written() == std::vector{pong("are you there")});
  }
}

TEST_CASE("messages wait in the order in which they came, across stashes") {
  conversation c(role::server);
  c.peer_sends(text_frame, octets_of("one"));
  c.peer_sends(text_frame, octets_of("two"));
  octets bytes = frame(role::server, text_frame, octets_of("three")) + frame(role::server, text_frame, octets_of("four"));
  c.session.feed(bytes, start);
  REQUIRE(c.received() == std::vector<std::string>{"one", "two", "three", "four"});
}

TEST_CASE("a full inbound queue stops reading, and taking messages starts it again") {
  conversation c(role::server, limits().inbound_bytes(100));
  REQUIRE(c.session.wanted().read);
  octets bytes;
  for (int i = 0; i < 10; ++i) bytes = std::move(bytes) + frame(role::server, text_frame, octets_of(std::string(50, 'x')));
  c.session.feed(bytes, start);
  c.session.stash();
  REQUIRE_FALSE(c.session.wanted().read);
  std::fill(bytes.begin(), bytes.end(), std::byte{0});
  REQUIRE(c.received() == std::vector<std::string>(10, std::string(50, 'x')));
  REQUIRE(c.session.wanted().read);
}

TEST_CASE("the peer's close is answered with its code, and the server ends the stream first") {
  for (const role self : {role::client, role::server}) {
    conversation c(self);
    c.peer_sends(close_frame, close_payload(4000, "bye"));
    REQUIRE(c.session.settled());
    REQUIRE(c.session.info() == close_info{static_cast<close_code>(4000), "bye", true, close_initiator::remote});
    REQUIRE(c.written() == std::vector{closed(static_cast<close_code>(4000), "bye")});
    REQUIRE(c.session.wanted().end == (self == role::server));
    REQUIRE_FALSE(c.session.wanted().cut);
    c.session.stream_ended();
    REQUIRE(c.session.wanted().cut);
    REQUIRE(c.session.info().clean);
  }
}

TEST_CASE("a close without a code is answered without one") {
  conversation c(role::server);
  c.peer_sends(close_frame, {});
  REQUIRE(c.written() == std::vector{closed(close_code::no_status)});
  REQUIRE(c.session.info() == close_info{close_code::no_status, "", true, close_initiator::remote});
}

TEST_CASE("our close waits for the peer's, and keeps our code") {
  conversation c(role::client);
  c.session.close(close_code::going_away, "leaving");
  REQUIRE(c.written() == std::vector{closed(close_code::going_away, "leaving")});
  REQUIRE_FALSE(c.session.settled());
  REQUIRE_FALSE(c.session.is_open());
  c.session.close(close_code::normal, "again");
  REQUIRE(c.session.output().empty());
  c.peer_sends(close_frame, close_payload(1000));
  REQUIRE(c.session.info() == close_info{close_code::going_away, "leaving", true, close_initiator::local});
  REQUIRE(c.session.output().empty());
}

TEST_CASE("after our close what the peer still sends is received, and nothing more is sent") {
  conversation c(role::server);
  c.session.close(close_code::normal, "");
  c.peer_sends(text_frame, octets_of("last words"));
  REQUIRE(c.received() == std::vector<std::string>{"last words"});
  REQUIRE(c.send(octets_of("too late")) == errc::closed);
  REQUIRE(c.written() == std::vector{closed(close_code::normal)});
}

TEST_CASE("the peer's close is found behind messages that nobody takes") {
  conversation c(role::server, limits().inbound_bytes(100));
  c.session.close(close_code::normal, "");
  octets bytes;
  for (int i = 0; i < 100; ++i) bytes = std::move(bytes) + frame(role::server, text_frame, octets_of("unwanted"));
  bytes = std::move(bytes) + frame(role::server, close_frame, close_payload(1000));
  c.session.feed(bytes, start);
  c.session.stash();
  REQUIRE(c.session.settled());
  REQUIRE(c.session.info().clean);
}

TEST_CASE("of messages that come after our close the first are kept, without a gap") {
  conversation c(role::server, limits().inbound_bytes(100));
  c.session.close(close_code::normal, "");
  c.peer_sends(text_frame, octets_of("kept"));
  c.peer_sends(text_frame, octets_of(std::string(100, 'x')));
  c.peer_sends(text_frame, octets_of("dropped"));
  const std::vector<std::string> first = c.received();
  REQUIRE(first == std::vector<std::string>{"kept", std::string(100, 'x')});
  octets late = frame(role::server, text_frame, octets_of("dropped too"));
  c.session.feed(late, start);
  REQUIRE(c.received().empty());
  c.session.stash();
  c.peer_sends(close_frame, close_payload(1000));
  REQUIRE(c.received().empty());
  REQUIRE(c.session.info().clean);
}

TEST_CASE("the bytes of a piece stay as they are until the next one is asked for, whatever is read meanwhile") {
  for (const role self : {role::client, role::server}) {
    conversation c(self);
    octets bytes = frame(self, 0x02, octets(300, std::byte{'a'})) + frame(self, 0x00, octets(200, std::byte{'b'})) +
                   frame(self, 0x80, octets(100, std::byte{'c'}));
    c.session.feed(bytes, start);
    std::vector<octets> given;
    for (int i = 0; i < 3; ++i) {
      message_piece piece;
      REQUIRE(c.session.next_piece(piece));
      c.session.stash();
      given.emplace_back(piece.bytes.begin(), piece.bytes.end());
    }
    REQUIRE(given == std::vector{octets(300, std::byte{'a'}), octets(200, std::byte{'b'}), octets(100, std::byte{'c'})});
  }
}

TEST_CASE("an application heartbeat is answered and is no message, where it was agreed on") {
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
      REQUIRE(session.counted().messages_received == 1);
    } else {
      REQUIRE(received == std::vector<std::string>{std::string(1, '\0'), "after"});
      REQUIRE(written.empty());
    }
  }
}

TEST_CASE("the answer to a heartbeat waits for the end of a message in fragments, and for a peer that does not read") {
  session_options options = options_of(role::server);
  options.heartbeats = true;
  wire_session session(options, start);
  const auto beat = [&] {
    octets bytes = frame(role::server, text_frame, octets(1));
    session.feed(bytes, start);
    session.stash();
  };
  REQUIRE(session.send_fragment(message_kind::binary, octets(10), true, false) == errc::ok);
  beat();
  beat();
  REQUIRE(session.send_fragment(message_kind::binary, octets(10), false, true) == errc::ok);
  octets written(session.output().begin(), session.output().end());
  REQUIRE(written.size() == 12 + 12 + 3);
  REQUIRE(written[24] == std::byte{0x81});
  session.wrote(written.size());

  for (int i = 0; i < 100'000; ++i) beat();
  REQUIRE(session.buffered() < 70'000);
  session.wrote(session.output().size());
  REQUIRE(session.output().size() == 3);
}

TEST_CASE("the round trip that is counted is that of the last ping that was answered") {
  conversation c(role::server);
  c.session.ping();
  const octets payload(c.session.output().begin() + 2, c.session.output().end());
  REQUIRE(c.session.counted().round_trip == 0ms);
  c.peer_sends(pong_frame, payload, start + 25ms);
  REQUIRE(c.session.counted().round_trip == 25ms);
}

TEST_CASE("a broken rule closes with its code and says so to the user") {
  conversation c(role::server);
  octets unmasked = frame(role::server, text_frame, octets_of("x"), false);
  c.session.feed(unmasked, start);
  c.session.stash();
  const std::vector<told> answer = c.written();
  REQUIRE(answer.size() == 1);
  REQUIRE(answer[0].code == close_code::protocol_error);
  REQUIRE(c.session.info().code == close_code::protocol_error);
  REQUIRE(c.session.info().initiator == close_initiator::local);
  REQUIRE_FALSE(c.session.info().clean);
  REQUIRE(c.session.failure().code() == errc::protocol_violation);
  REQUIRE(c.session.failure().detail() == c.session.info().reason);
  REQUIRE(c.session.wanted().end);
}

TEST_CASE("messages that came before a violation are still received") {
  conversation c(role::server);
  octets bytes = frame(role::server, text_frame, octets_of("good")) + frame(role::server, text_frame, octets_of("bad"), false);
  c.session.feed(bytes, start);
  c.session.stash();
  REQUIRE(c.received() == std::vector<std::string>{"good"});
}

TEST_CASE("4 MiB may come in fragments of 64 bytes with an empty one behind them, a million fragments may not") {
  conversation c(role::server);
  const octets fragment = frame(role::server, 0x00, octets(64, std::byte{'x'}));
  c.peer_sends(0x01, {});
  for (int i = 0; i < 65'536; ++i) {
    octets bytes = fragment;
    c.session.feed(bytes, start);
    c.session.stash();
  }
  c.peer_sends(0x80, {});
  const auto texts = c.received();
  REQUIRE(texts.size() == 1);
  CHECK(texts.front() == std::string(4 * twinsocket::mib, 'x'));

  c.peer_sends(0x01, {});
  for (int i = 0; i < 1'000'000 && c.session.is_open(); ++i) c.peer_sends(0x00, {});
  CHECK(c.session.info().code == close_code::policy_violation);
}

TEST_CASE("a stream that ends without a close is 1006 in every state") {
  struct state {
    const char* name;
    void (*enter)(conversation&);
    close_initiator who;
  };
  const state states[] = {
      {"open", [](conversation&) {}, close_initiator::none},
      {"within a frame",
       [](conversation& c) {
         octets part = frame(c.self, text_frame, octets_of("half a message"));
         part.resize(8);
         c.session.feed(part, start);
         c.session.stash();
       },
       close_initiator::none},
      {"after our close", [](conversation& c) { c.session.close(close_code::normal, "bye"); }, close_initiator::local},
  };
  for (const state& s : states)
    for (const role self : {role::client, role::server}) {
      CAPTURE(s.name);
      conversation c(self);
      s.enter(c);
      c.session.stream_ended();
      REQUIRE(c.session.settled());
      REQUIRE(c.session.wanted().cut);
      REQUIRE(c.session.info() == close_info{close_code::abnormal, "", false, s.who});
    }
}

TEST_CASE("a stream that breaks tells why") {
  conversation c(role::client);
  c.session.stream_broke(twinsocket::error(errc::system, "reset", std::make_error_code(std::errc::connection_reset)));
  REQUIRE(c.session.info().code == close_code::abnormal);
  REQUIRE(c.session.failure() == errc::system);
  REQUIRE(c.session.wanted().cut);
}

TEST_CASE("the answer to a close goes out though the peer has ended its stream") {
  conversation c(role::client);
  c.peer_sends(close_frame, close_payload(1000));
  c.session.stream_ended();
  REQUIRE_FALSE(c.session.wanted().cut);
  REQUIRE(c.session.wanted().write);
  REQUIRE(c.written() == std::vector{closed(close_code::normal)});
  REQUIRE(c.session.wanted().cut);
}

TEST_CASE("a closing handshake has a time limit") {
  for (const bool answered : {false, true}) {
    conversation c(role::client, limits().close_time(3s));
    c.session.close(close_code::normal, "bye");
    static_cast<void>(c.written());
    if (answered) c.peer_sends(close_frame, close_payload(1000));
    REQUIRE(c.session.wanted().wake == start + 3s);
    c.session.on_time(start + 3s - 1ms);
    REQUIRE_FALSE(c.session.wanted().cut);
    c.session.on_time(start + 3s);
    REQUIRE(c.session.wanted().cut);
    if (answered) {
      REQUIRE(c.session.info() == close_info{close_code::normal, "bye", true, close_initiator::local});
    } else {
      REQUIRE(c.session.info() == close_info{close_code::abnormal, "", false, close_initiator::local});
      REQUIRE(c.session.failure() == errc::no_answer);
    }
  }
}

TEST_CASE("silence is broken by a ping, and a peer that stays silent is lost") {
  for (const role self : {role::client, role::server}) {
    conversation c(self);
    REQUIRE(c.session.wanted().wake == start + 30s);
    c.session.on_time(start + 30s - 1ms);
    REQUIRE(c.session.output().empty());
    c.session.on_time(start + 30s);
    const std::vector<told> sent = c.written();
    REQUIRE(sent.size() == 1);
    REQUIRE(sent[0].what == event::type::ping);
    REQUIRE(c.session.wanted().wake == start + 50s);
    c.session.on_time(start + 50s);
    REQUIRE(c.session.wanted().cut);
    REQUIRE(c.session.info() == close_info{close_code::abnormal, "", false, close_initiator::none});
    REQUIRE(c.session.failure() == errc::no_answer);
  }
}

TEST_CASE("anything that is heard proves that the peer is there") {
  conversation c(role::server);
  c.session.on_time(start + 30s);
  c.peer_sends(pong_frame, {}, start + 49s);
  c.session.on_time(start + 50s);
  REQUIRE_FALSE(c.session.wanted().cut);
  REQUIRE(c.session.wanted().wake == start + 79s);
}

TEST_CASE("a peer is not given up while nothing is read from it") {
  conversation c(role::server, limits().inbound_bytes(1));
  octets bytes = frame(role::server, text_frame, octets_of("one")) + frame(role::server, text_frame, octets_of("two"));
  c.session.feed(bytes, start);
  c.session.stash();
  for (auto t = 30s; t < 300s; t += 10s) c.session.on_time(start + t);
  REQUIRE_FALSE(c.session.wanted().cut);
}

TEST_CASE("a connection without messages is closed after its idle time, though the peer answers pings") {
  for (const role self : {role::client, role::server}) {
    conversation c(self, limits().idle_time(60s));
    c.peer_sends(text_frame, octets_of("hello"), start + 10s);
    c.peer_sends(pong_frame, {}, start + 65s);
    REQUIRE(c.session.wanted().wake == start + 70s);
    c.session.on_time(start + 70s - 1ms);
    REQUIRE(c.session.is_open());
    REQUIRE(c.written().empty());
    c.session.on_time(start + 70s);
    REQUIRE(c.session.info().code == close_code::going_away);
    REQUIRE(c.written() == std::vector{closed(close_code::going_away, "no message for 60000 ms")});
  }
}

TEST_CASE("what is sent is use of a connection too") {
  conversation c(role::server, limits().idle_time(20s));
  c.session.set_time(start + 15s);
  REQUIRE(c.send(octets_of("hello")) == errc::ok);
  REQUIRE(c.session.wanted().wake == start + 30s);  // The ping's.
  c.session.on_time(start + 30s);
  REQUIRE(c.session.is_open());
  c.session.on_time(start + 35s);
  REQUIRE(c.session.info().code == close_code::going_away);
}

TEST_CASE("times of the largest value are as good as none") {
  const auto forever = std::chrono::milliseconds::max();
  wire_session session({.self = role::server,
                        .random = zero_bytes,
                        .limits = limits().idle_time(forever).close_time(forever),
                        .keepalive = keepalive().interval(forever).time_limit(forever)},
                       start);
  REQUIRE(session.wanted().wake == time_point::max());
  session.on_time(start + std::chrono::hours(24 * 365));
  REQUIRE(session.is_open());
  session.close(close_code::normal, "");
  REQUIRE(session.wanted().wake == time_point::max());
}

TEST_CASE("pings cannot fill the memory of one whose answers are not read") {
  conversation c(role::server);
  const octets payload = octets_of(std::string(125, 'p'));
  for (int i = 0; i < 10'000; ++i) c.peer_sends(ping_frame, payload);
  c.peer_sends(ping_frame, octets_of("the last one"));
  REQUIRE(c.session.buffered() < 70'000);
  std::vector<told> pongs = c.written();
  REQUIRE(c.written() == std::vector{pong("the last one")});
}

TEST_CASE("what is sent is bounded, and there is room again when it is written") {
  conversation c(role::server, limits().outbound_bytes(1'000));
  const octets payload = octets_of(std::string(600, 'x'));
  REQUIRE(c.send(payload) == errc::ok);
  REQUIRE(c.send(payload) == errc::queue_full);
  REQUIRE(c.send(octets_of(std::string(1'001, 'x'))) == errc::message_too_big);
  static_cast<void>(c.written());
  REQUIRE(c.send(payload) == errc::ok);
}

TEST_CASE("a peer that takes nothing of what is sent is lost, whatever it sends itself") {
  conversation c(role::server, limits().send_time(60s));
  c.session.set_time(start);
  REQUIRE(c.send(octets_of(std::string(1'000, 'x'))) == errc::ok);
  c.session.wrote(100);
  CHECK(c.session.wanted().wake <= start + 60s);
  for (auto passed = 10s; passed < 50s; passed += 10s) c.peer_sends(0x81, octets_of("more"), start + passed);
  // A little is taken: the time begins anew.
  c.session.set_time(start + 50s);
  c.session.wrote(1);
  c.peer_sends(0x81, octets_of("more"), start + 109s);
  c.session.on_time(start + 109s);
  REQUIRE(c.session.is_open());
  CHECK(c.session.wanted().wake == start + 110s);
  c.session.on_time(start + 110s);
  CHECK(c.session.wanted().cut);
  CHECK(c.session.info().code == close_code::abnormal);
  CHECK(c.session.failure().detail() == "the peer took nothing of what was sent for 60000 ms");
}

TEST_CASE("a peer that takes all that is sent is not lost by taking its time between messages") {
  conversation c(role::server, limits().send_time(60s));
  for (int i = 1; i < 5; ++i) {
    c.session.set_time(start + i * 50s);
    REQUIRE(c.send(octets_of("x")) == errc::ok);
    static_cast<void>(c.written());
    c.peer_sends(0x81, octets_of("more"), start + i * 50s);
    c.session.on_time(start + i * 50s + 20s);
    REQUIRE(c.session.is_open());
  }
}

TEST_CASE("an aborted session reads and writes nothing more") {
  conversation c(role::server);
  REQUIRE(c.send(octets_of("unsent")) == errc::ok);
  c.session.abort();
  REQUIRE(c.session.wanted().cut);
  REQUIRE(c.session.output().empty());
  REQUIRE(c.session.info() == close_info{close_code::abnormal, "", false, close_initiator::local});
}

TEST_CASE("a fragmented message arrives whole, however it is cut") {
  const octets bytes = frame(role::server, 0x02, pattern(70'000)) + frame(role::server, ping_frame, octets_of("between")) +
                       frame(role::server, 0x80, pattern(300));
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{1'000}, bytes.size()}) {
    conversation c(role::server);
    std::size_t messages = 0;
    octets whole;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      octets part(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                  bytes.begin() + static_cast<std::ptrdiff_t>(std::min(at + step, bytes.size())));
      c.session.feed(part, start);
      c.session.stash();
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

namespace {

std::string next_piece(wire_session& session) {
  message_piece piece;
  if (!session.next_piece(piece)) return "none";
  return text_of(piece.bytes) + (piece.last ? "." : "...");
}

constexpr unsigned first_fragment = 0x01;
constexpr unsigned last_fragment = 0x80;

}  // namespace

TEST_CASE("a message that was looked at in pieces and not begun comes whole") {
  conversation c(role::server);
  REQUIRE(next_piece(c.session) == "none");
  c.peer_sends(text_frame, octets_of("one"));
  REQUIRE(c.received() == std::vector<std::string>{"one"});

  REQUIRE(next_piece(c.session) == "none");
  c.peer_sends(first_fragment, octets_of("two "));
  c.peer_sends(last_fragment, octets_of("parts"));
  REQUIRE(c.received() == std::vector<std::string>{"two parts"});
  REQUIRE(c.session.counted().messages_received == 2);
  REQUIRE(c.session.counted().bytes_received == 12);
}

TEST_CASE("what was counted is never taken back, though a message is asked for in pieces and then whole") {
  session_totals totals;
  session_options options = options_of(role::server);
  options.totals = &totals;
  wire_session session(options, start);
  octets begun = frame(role::server, 0x01, octets_of("begun "));
  octets rest = frame(role::server, 0x80, octets_of("and ended"));
  REQUIRE(next_piece(session) == "none");
  session.feed(begun, start);
  session.stash();
  const std::uint64_t before = totals.bytes_received.value();
  message whole;
  REQUIRE_FALSE(session.next(whole));
  REQUIRE(totals.bytes_received.value() >= before);
  session.feed(rest, start);
  REQUIRE(session.next(whole));
  REQUIRE(whole.text() == "begun and ended");
  REQUIRE(totals.bytes_received.value() == whole.size());
  REQUIRE(totals.messages_received.value() == 1);
  REQUIRE(session.counted().bytes_received == whole.size());
}

TEST_CASE("after the rest of a message that was passed over the next one is whole again") {
  conversation c(role::server);
  c.peer_sends(first_fragment, octets_of("begun "));
  REQUIRE(next_piece(c.session) == "begun ...");
  REQUIRE(c.received().empty());
  REQUIRE(next_piece(c.session) == "none");
  c.peer_sends(last_fragment, octets_of("and not wanted"));
  c.peer_sends(text_frame, octets_of("whole"));
  REQUIRE(c.received() == std::vector<std::string>{"whole"});
}

TEST_CASE("pieces come in the order of their messages, those that waited first") {
  conversation c(role::server);
  c.peer_sends(text_frame, octets_of("one"));
  c.peer_sends(text_frame, octets_of("two"));
  c.peer_sends(first_fragment, octets_of("three "));
  REQUIRE(next_piece(c.session) == "one.");
  c.peer_sends(last_fragment, octets_of("and more"));
  REQUIRE(next_piece(c.session) == "two.");
  REQUIRE(next_piece(c.session) == "three ...");
  REQUIRE(next_piece(c.session) == "and more.");
  REQUIRE(c.session.counted().bytes_received == 20);
}

TEST_CASE("after a message that had no room once this side has closed none is given, in pieces neither") {
  conversation c(role::server, limits().inbound_bytes(10));
  c.peer_sends(text_frame, octets_of("fills the queue"));
  c.session.close(close_code::normal, "enough");
  c.peer_sends(text_frame, octets_of("has no room"));
  c.peer_sends(first_fragment, octets_of("nor has this "));
  REQUIRE(next_piece(c.session) == "fills the queue.");
  REQUIRE(next_piece(c.session) == "none");
  c.peer_sends(last_fragment, octets_of("one"));
  REQUIRE(next_piece(c.session) == "none");
  c.peer_sends(close_frame, close_payload(1000));
  REQUIRE(c.session.info().clean);
}
