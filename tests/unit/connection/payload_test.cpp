// Payloads of send() without a codec: text and bytes in all common types.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "test.hpp"
#include "pair_on.hpp"

using namespace twinsocket;

namespace {

const std::string greeting = "gr\xC3\xBC\xC3\x9F dich";

// Sends a payload from the client to the server with each send function.
template <class Payload>
task<void> send_every_way(connection& client, const Payload& payload) {
  const send_options options;
  co_await client.send(payload);
  co_await client.send(payload, options);
  client.try_send(payload);
}

template <class Payload>
void check(const Payload& payload, message_kind kind, std::string_view expected) {
  manual_loop loop;
  auto [client, server] = pair_on(loop);
  loop.run(send_every_way(client, payload));
  std::vector<message> received;
  loop.run([](connection& socket, std::vector<message>& messages) -> task<void> {
    while (messages.size() < 3) {
      auto next = co_await socket.receive();
      if (!next) co_return;
      messages.push_back(std::move(*next));
    }
  }(server, received));
  REQUIRE(received.size() == 3);
  for (const message& m : received) {
    REQUIRE(m.kind() == kind);
    REQUIRE(m.text() == expected);
  }
}

}  // namespace

TEST_CASE("text is sent from char and char8_t strings") {
  check(greeting, message_kind::text, greeting);
  check(std::string_view(greeting), message_kind::text, greeting);
  check(greeting.c_str(), message_kind::text, greeting);
  check(std::u8string(u8"grüß dich"), message_kind::text, greeting);
  check(std::u8string_view(u8"grüß dich"), message_kind::text, greeting);
  check(u8"grüß dich", message_kind::text, greeting);
}

TEST_CASE("bytes are sent from std::byte and unsigned char ranges") {
  const std::string_view expected("\x00\xFF\x80", 3);
  const std::vector<std::uint8_t> octets{0x00, 0xFF, 0x80};
  check(octets, message_kind::binary, expected);
  check(std::span<const std::uint8_t>(octets), message_kind::binary, expected);
  check(std::array<unsigned char, 3>{0x00, 0xFF, 0x80}, message_kind::binary, expected);
  const unsigned char plain[] = {0x00, 0xFF, 0x80};
  check(plain, message_kind::binary, expected);
  const std::vector<std::byte> bytes{std::byte{0x00}, std::byte{0xFF}, std::byte{0x80}};
  check(bytes, message_kind::binary, expected);
  check(std::span(bytes), message_kind::binary, expected);
  check(std::array<std::byte, 3>{std::byte{0x00}, std::byte{0xFF}, std::byte{0x80}}, message_kind::binary, expected);
}

TEST_CASE("message and prepared_message accept the same payload types") {
  const std::vector<std::uint8_t> octets{0x00, 0xFF};
  const message bytes(message_kind::binary, octets);
  REQUIRE(bytes.text() == std::string_view("\x00\xFF", 2));
  check(message(u8"grüß dich"), message_kind::text, greeting);
  check(prepared_message(u8"grüß dich"), message_kind::text, greeting);
  check(prepared_message(message_kind::binary, octets), message_kind::binary, std::string_view("\x00\xFF", 2));
}

TEST_CASE("a message that replaces a received one is validated when it is sent") {
  manual_loop loop;
  auto pair = pair_on(loop);
  std::string back;
  std::optional<send_result> replaced, tried, moved;
  loop.run(
      [](connection& client, connection& server, auto& text, auto& by_send, auto& by_try, auto& emptied) -> task<void> {
        co_await client.send("\u00e4");
        auto received = co_await server.receive();
        co_await server.send(*received);
        const auto echoed = co_await client.receive();
        text = echoed->text();
        const message taken = std::move(*received);
        emptied = server.try_send(*received);
        *received = message("\xff");
        by_send = co_await server.send(*received);
        by_try = server.try_send(*received);
      }(pair.client, pair.server, back, replaced, tried, moved));
  CHECK(back == "\u00e4");
  CHECK(moved->status() == send_status::accepted);
  CHECK(replaced->error() == errc::invalid_utf8);
  CHECK(tried->error() == errc::invalid_utf8);
}
