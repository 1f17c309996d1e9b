#include <string>
#include <vector>

#include "test.hpp"
#include "protocol/wire.hpp"
#include "session/wire_session.hpp"

using namespace wire;
using twinsocket::limits;
using twinsocket::overflow_policy;
using twinsocket::prepared_message;
using twinsocket::send_options;

namespace {

/// A server whose network has accepted one byte. Later messages are queued.
struct slow_consumer {
  explicit slow_consumer(std::size_t send_queue_bytes) : slow_consumer(limits().send_queue_bytes(send_queue_bytes)) {}
  explicit slow_consumer(const limits& values)
      : session({.self = role::server, .random = nullptr, .limits = values, .keepalive = {}}, time_point{}) {
    static_cast<void>(send("first"));
    session.on_written(1);
  }

  errc send(std::string_view text, const send_options& options = {}) {
    return session.send(
        {.kind = message_kind::text, .bytes = twinsocket::detail::text_bytes(text), .options = &options});
  }

  /// Everything that the peer receives when it continues reading. Its first byte was accepted before.
  std::vector<std::string> read_on() {
    octets stream{std::byte{0x81}};
    while (!session.output().empty()) {
      stream.insert(stream.end(), session.output().begin(), session.output().end());
      session.on_written(session.output().size());
    }
    std::vector<std::string> events;
    for (const recorded_event& t : read_all(make_reader(role::client), stream))
      events.push_back(t.what == event::type::close ? "close " + std::to_string(static_cast<int>(t.code))
                                                    : text_of(t.bytes));
    return events;
  }

  wire_session session;
};

using texts = std::vector<std::string>;

}  // namespace

TEST_CASE("by default a message over the queue limit is refused and nothing is dropped") {
  slow_consumer c(20);
  REQUIRE(c.send("1234567890") == errc::ok);
  REQUIRE(c.send("1234567890") == errc::queue_full);
  REQUIRE(c.session.current_counters().dropped == 0);
  REQUIRE(c.read_on() == texts{"first", "1234567890"});
  REQUIRE(c.send("1234567890") == errc::ok);
}

TEST_CASE("send_queue_messages limits queued messages of any size") {
  slow_consumer c(limits().send_queue_messages(2));
  REQUIRE(c.send("") == errc::ok);
  REQUIRE(c.send("") == errc::ok);
  REQUIRE(c.send("") == errc::queue_full);
  REQUIRE(c.send("newest", send_options().overflow_policy(overflow_policy::drop_oldest)) == errc::ok);
  REQUIRE(c.session.current_counters().dropped == 1);
  REQUIRE(c.read_on() == texts{"first", "", "newest"});
  REQUIRE(c.send("") == errc::ok);
}

TEST_CASE("drop_newest refuses the new message and counts it as dropped") {
  slow_consumer c(20);
  const auto options = send_options().overflow_policy(overflow_policy::drop_newest);
  REQUIRE(c.send("1234567890", options) == errc::ok);
  REQUIRE(c.send("abcdefghij", options) == errc::queue_full);
  REQUIRE(c.session.current_counters().dropped == 1);
  REQUIRE(c.read_on() == texts{"first", "1234567890"});
}

TEST_CASE("drop_oldest drops the oldest queued messages but never the one being written") {
  slow_consumer c(26);
  const auto options = send_options().overflow_policy(overflow_policy::drop_oldest);
  for (const char* text : {"aaaaa", "bbbbb", "ccccc", "ddddddddddddddd"}) REQUIRE(c.send(text, options) == errc::ok);
  REQUIRE(c.session.current_counters().dropped == 2);
  REQUIRE(c.read_on() == texts{"first", "ccccc", "ddddddddddddddd"});
  REQUIRE(c.session.current_counters().messages_sent == 3);
}

TEST_CASE("latest_per_key replaces a queued message with the same key only") {
  slow_consumer c(1'000);
  REQUIRE(c.send("cpu 1", send_options().key("cpu")) == errc::ok);
  REQUIRE(c.send("fan 1", send_options().key("fan")) == errc::ok);
  REQUIRE(c.send("cpu 2", send_options().key("cpu")) == errc::ok);
  REQUIRE(c.send("cpu 3", send_options().key("cpu")) == errc::ok);
  REQUIRE(c.session.current_counters().dropped == 2);
  REQUIRE(c.read_on() == texts{"first", "fan 1", "cpu 3"});
}

TEST_CASE("overflow_policy::close ends the connection with 1013 and drops queued messages") {
  slow_consumer c(20);
  const auto options = send_options().overflow_policy(overflow_policy::close);
  REQUIRE(c.send("1234567890", options) == errc::ok);
  REQUIRE(c.send("abcdefghij", options) == errc::closed);
  REQUIRE(c.session.info().code == close_code::try_again_later);
  REQUIRE(c.read_on() == texts{"first", "close 1013"});
}

TEST_CASE("queue_limit() of a message overrides send_queue_bytes") {
  slow_consumer c(1'000);
  const auto options = send_options().overflow_policy(overflow_policy::drop_newest).queue_limit(20);
  REQUIRE(c.send("1234567890", options) == errc::ok);
  REQUIRE(c.send("abcdefghij", options) == errc::queue_full);
  REQUIRE(c.send("abcdefghij") == errc::ok);
}

TEST_CASE("control frames are sent before queued messages") {
  slow_consumer c(1'000);
  REQUIRE(c.send("waits") == errc::ok);
  octets bytes = frame(role::server, 0x89, octets_of("ping"));
  c.session.feed(bytes, time_point{});
  c.session.release_input();
  REQUIRE(c.read_on() == texts{"first", "ping", "waits"});
}

TEST_CASE("a normal close is sent after queued messages") {
  slow_consumer c(1'000);
  REQUIRE(c.send("waits") == errc::ok);
  c.session.close(close_code::normal, "");
  REQUIRE(c.read_on() == texts{"first", "waits", "close 1000"});
}

TEST_CASE("a prepared_message has the same frames sent immediately and from the queue") {
  slow_consumer c(1'000);
  const prepared_message prepared("prepared");
  const send_request m{.kind = prepared.kind(), .bytes = prepared.bytes(), .shared = prepared.frames()};
  REQUIRE(c.session.send(m) == errc::ok);
  REQUIRE(c.read_on() == texts{"first", "prepared"});
  REQUIRE(c.session.send(m) == errc::ok);
  REQUIRE(text_of(c.session.output()) == "\x81\x08prepared");
  REQUIRE(c.session.current_counters().bytes_sent == 5 + 8 + 8);
}

TEST_CASE("a client masks a prepared_message") {
  const auto counting = [](std::span<std::byte> out) { std::fill(out.begin(), out.end(), std::byte{0x55}); };
  wire_session client({.self = role::client, .random = counting}, time_point{});
  const prepared_message prepared("prepared");
  REQUIRE(client.send({.kind = prepared.kind(), .bytes = prepared.bytes(), .shared = prepared.frames()}) == errc::ok);
  REQUIRE(read_all(make_reader(role::server), client.output()) ==
          std::vector{piece(message_kind::text, octets_of("prepared"))});
}

TEST_CASE("last_answered_ping() ignores empty, unsolicited and unknown pongs") {
  wire_session server({.self = role::server, .random = nullptr}, time_point{});
  const auto peer_pongs = [&](const octets& payload) {
    octets bytes = frame(role::server, 0x8a, payload);
    server.feed(bytes, time_point{});
    server.release_input();
  };
  std::vector<octets> payloads;
  for (std::uint64_t i = 1; i <= 3; ++i) {
    REQUIRE(server.ping() == i);
    payloads.push_back(read_all(make_reader(role::client), server.output()).at(0).bytes);
    server.on_written(server.output().size());
  }
  peer_pongs({});
  peer_pongs(octets_of("unsolicited"));
  peer_pongs(octets(8, std::byte{0xff}));
  REQUIRE(server.last_answered_ping() == 0);
  peer_pongs(payloads[1]);
  REQUIRE(server.last_answered_ping() == 2);
  peer_pongs(payloads[0]);
  REQUIRE(server.last_answered_ping() == 2);
  peer_pongs(payloads[2]);
  REQUIRE(server.last_answered_ping() == 3);
}
