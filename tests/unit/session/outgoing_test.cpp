// The state machine of sending alone: which commands lead to which output.

#include "test.hpp"
#include "session/session_fixture.hpp"

using namespace session_test;

namespace {

struct sender {
  explicit sender(const limits& values = {}, session_metrics* totals = nullptr)
      : out(role::server, zero_bytes, values, {}, totals, start) {}

  errc send(std::string_view text, const twinsocket::send_options* options = nullptr) {
    return out.send({.kind = message_kind::text, .bytes = twinsocket::detail::text_bytes(text), .options = options},
                    start);
  }
  errc fragment(std::string_view text, bool first, bool last) {
    return out.send_fragment(message_kind::text, twinsocket::detail::text_bytes(text), first, last, true, start);
  }
  /// The network accepts the whole output. Returns its frames in a short form.
  std::string written(bool open = true) {
    std::string frames;
    octets bytes;
    while (!out.output().empty()) {
      bytes.insert(bytes.end(), out.output().begin(), out.output().end());
      out.on_written(out.output().size(), open, start);
    }
    for (const recorded_event& e : read_all(make_reader(role::client), bytes))
      frames += (e.what == event::type::piece  ? text_of(e.bytes) + (e.last ? "." : "...")
                 : e.what == event::type::pong ? "pong " + text_of(e.bytes)
                 : e.what == event::type::ping ? "ping " + text_of(e.bytes)
                                               : "close " + std::to_string(static_cast<int>(e.code))) +
                " ";
    return frames;
  }
  /// Sends a message of which the network does not accept the last byte.
  void congest() {
    static_cast<void>(send("x"));
    out.on_written(2, true, start);
  }

  outgoing out;
};

}  // namespace

TEST_CASE("without congestion a message is written as a frame immediately") {
  sender s;
  REQUIRE(s.send("a") == errc::ok);
  REQUIRE(s.out.output().size() == 3);
  REQUIRE_FALSE(s.out.congested());
  REQUIRE(s.out.due() == time_point::max());
  REQUIRE(s.written() == "a. ");
  REQUIRE(s.out.empty());
  REQUIRE(s.out.messages() == 1);
  REQUIRE(s.out.bytes() == 1);
}

TEST_CASE("under congestion messages are queued and written when the network accepts more") {
  sender s(limits().write_timeout(7s));
  s.congest();
  REQUIRE(s.out.congested());
  REQUIRE(s.out.due() == start + 7s);
  REQUIRE(s.send("a") == errc::ok);
  REQUIRE(s.out.output().size() == 1);
  REQUIRE(s.out.size() == 2);
  REQUIRE(s.out.messages() == 1);
  s.out.on_written(1, true, start);
  REQUIRE(s.written() == "a. ");
  REQUIRE(s.out.due() == time_point::max());
}

TEST_CASE("whole messages wait until a fragmented message ends and control frames do not") {
  sender s;
  REQUIRE(s.fragment("be", true, false) == errc::ok);
  REQUIRE(s.send("whole") == errc::ok);
  REQUIRE(s.fragment("second message", true, false) == errc::queue_full);
  s.out.pong(octets_of("p"));
  s.out.heartbeat();
  REQUIRE(s.fragment("gun", false, true) == errc::ok);
  REQUIRE(s.written() == std::string("be... pong p gun. \0. whole. ", 28));
}

TEST_CASE("only the last ping of a peer that does not read is answered") {
  for (const bool open : {true, false}) {
    sender s;
    REQUIRE(s.send(std::string(65'536, 'x')) == errc::ok);
    s.out.pong(octets_of("first"));
    s.out.pong(octets_of("last"));
    const std::string frames = s.written(open);
    REQUIRE(frames.substr(65'536) == (open ? ". pong last " : ". "));
  }
}

TEST_CASE("a close frame follows queued messages and interrupts an unfinished message") {
  sender s;
  s.congest();
  REQUIRE(s.send("queued") == errc::ok);
  s.out.close(close_code::normal, {}, start);
  s.out.on_written(1, false, start);
  REQUIRE(s.written(false) == "queued. close 1000 ");

  sender unfinished;
  REQUIRE(unfinished.fragment("be", true, false) == errc::ok);
  REQUIRE(unfinished.send("queued") == errc::ok);
  unfinished.out.close(close_code::normal, {}, start);
  REQUIRE(unfinished.written(false) == "be... close 1000 ");
}

TEST_CASE("overflow_policy::close returns queue_full and drop_for_policy() counts the dropped messages") {
  session_metrics totals;
  sender s(limits().send_queue_bytes(20), &totals);
  s.congest();
  const auto options = twinsocket::send_options().overflow_policy(twinsocket::overflow_policy::close);
  REQUIRE(s.send("1234567890", &options) == errc::ok);
  REQUIRE(s.send("1234567890", &options) == errc::queue_full);
  REQUIRE(s.out.dropped() == 0);
  s.out.drop_for_policy();
  REQUIRE(s.out.size() == 1);
  REQUIRE(totals.dropped[static_cast<std::size_t>(drop_reason::closed)].value() == 1);
}

TEST_CASE("add() takes a shared frame block only without queued or unfinished output") {
  const octets bytes = frame(role::client, 0x82, pattern(10));
  const frame_block block{.frames = bytes, .messages = 1, .payload = 10};
  sender s(limits().send_queue_bytes(20));
  REQUIRE(s.out.can_add(block, 12));
  REQUIRE_FALSE(s.out.can_add(block, 11));
  s.out.add(block, 2, start);
  REQUIRE(s.out.output().size() == 10);
  REQUIRE_FALSE(s.out.can_add(block, SIZE_MAX));
  s.out.clear();
  s.congest();
  REQUIRE_FALSE(s.out.can_add(block, SIZE_MAX));
  s.out.on_written(1, true, start);
  REQUIRE(s.fragment("begun", true, false) == errc::ok);
  s.out.on_written(s.out.output().size(), true, start);
  REQUIRE_FALSE(s.out.can_add(block, SIZE_MAX));
}

TEST_CASE("new limits of sending apply to the next message and to congestion") {
  sender s;
  s.congest();
  s.out.set_limits(limits().send_queue_bytes(1).write_timeout(3s));
  REQUIRE(s.send("ab") == errc::message_too_big);
  REQUIRE(s.out.due() == start + 3s);
}

TEST_CASE("a message is queued behind those that are still queued after the network has caught up") {
  sender s;
  s.congest();
  for (const char letter : {'a', 'b', 'c'}) REQUIRE(s.send(std::string(50'000, letter)) == errc::ok);
  s.out.on_written(1, true, start);
  // More than 64 KiB are not encoded at a time.
  REQUIRE_FALSE(s.out.congested());
  CHECK(s.send("d") == errc::ok);
  CHECK(s.fragment("e", true, true) == errc::queue_full);
  CHECK_FALSE(s.out.can_send_at_once(1));
  CHECK_FALSE(s.out.can_send_directly({.kind = message_kind::text, .bytes = octets_of("e")}));
  CHECK_FALSE(s.out.can_add({.frames = {}, .messages = 1, .payload = 0}, SIZE_MAX));
  const std::string frames = s.written();
  CHECK(frames.size() == 3 * 50'002 + 3);
  CHECK(frames.ends_with("c. d. "));
  CHECK(s.out.can_send_directly({.kind = message_kind::text, .bytes = octets_of("e")}));
}

TEST_CASE("drop_oldest drops no message if the bytes that are being written take the room") {
  session_metrics totals;
  sender s(limits().send_queue_bytes(20), &totals);
  REQUIRE(s.send("123456789012345") == errc::ok);
  const auto options = twinsocket::send_options().overflow_policy(twinsocket::overflow_policy::drop_oldest);
  CHECK(s.send("1234567890", &options) == errc::queue_full);
  CHECK(s.out.dropped() == 1);
  CHECK(totals.dropped[static_cast<std::size_t>(drop_reason::newest)].value() == 1);
  CHECK(totals.dropped[static_cast<std::size_t>(drop_reason::oldest)].value() == 0);
  CHECK(s.written() == "123456789012345. ");
}

TEST_CASE("with send_queue_messages(0) nothing can be sent at once or directly") {
  sender s(limits().send_queue_messages(0));
  CHECK_FALSE(s.out.can_send_at_once(1));
  CHECK_FALSE(s.out.can_send_directly({.kind = message_kind::text, .bytes = octets_of("x")}));
  CHECK(s.send("x") == errc::queue_full);
}

TEST_CASE("a message is sent directly only within the limit of its options") {
  sender s;
  const octets payload = pattern(100);
  const auto narrow = twinsocket::send_options().queue_limit(99);
  const auto wide = twinsocket::send_options().queue_limit(100);
  CHECK_FALSE(s.out.can_send_directly({.kind = message_kind::binary, .bytes = payload, .options = &narrow}));
  CHECK(s.out.can_send_directly({.kind = message_kind::binary, .bytes = payload, .options = &wide}));
}

TEST_CASE("a held pong waits until less than 64 KiB are unwritten, and ends with the session") {
  sender s;
  REQUIRE(s.send(std::string(200'000, 'x')) == errc::ok);
  s.out.pong(octets_of("held"));
  s.out.on_written(100'000, true, start);
  CHECK(s.out.output().size() < 110'000);
  s.out.on_written(s.out.output().size() - 10, true, start);
  octets rest(s.out.output().begin() + 10, s.out.output().end());
  CHECK(read_all(make_reader(role::client), rest) == std::vector{pong("held")});

  sender closing;
  REQUIRE(closing.send(std::string(200'000, 'x')) == errc::ok);
  closing.out.heartbeat();
  closing.out.on_written(closing.out.output().size(), false, start);
  CHECK(closing.out.empty());
}

TEST_CASE("a client shares no frames with other connections") {
  const outgoing client(role::client, zero_bytes, limits(), {}, nullptr, start);
  CHECK_FALSE(client.encoding());
  const sender server;
  REQUIRE(server.out.encoding());
  CHECK(server.out.encoding()->engine == nullptr);
}
