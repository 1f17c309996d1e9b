// The allocations and copies of a connection in steady-state messaging.

#include <string>
#include <vector>

#include "test.hpp"
#include "allocations.hpp"
#include "connection/wire_connection.hpp"
#include "manual_loop.hpp"
#include "protocol/wire.hpp"
#include "twinsocket/connection.hpp"

using namespace wire;

namespace {

/// A transport that accepts every write immediately.
class sink final : public byte_transport {
 public:
  std::size_t write(std::span<const std::byte> bytes) override { return write(bytes, {}); }
  std::size_t write(std::span<const std::byte> head, std::span<const std::byte> body) override {
    written += head.size() + body.size();
    ++writes;
    return head.size() + body.size();
  }
  bool gathers() const noexcept override { return true; }
  void read(bool) override {}
  void end() override {}
  void close_stream() override {}

  std::size_t written = 0;
  std::size_t writes = 0;
};

twinsocket::task<void> echo(twinsocket::connection socket) {
  while (auto received = co_await socket.receive()) co_await socket.send(*received);
}

/// A server's connection whose handler echoes every message.
struct echoing_server {
  echoing_server() {
    loop.run([](echoing_server& self) -> twinsocket::task<void> {
      const session_options options{.self = role::server, .random = nullptr};
      self.connection = std::make_shared<wire_connection>(self.loop, options, "");
      self.connection->start(self.network);
      twinsocket::spawn(echo(twinsocket::connection(self.connection)));
      co_return;
    }(*this));
  }
  ~echoing_server() {
    const twinsocket::detail::loop::turn turn(loop, loop.time());
    connection->on_stream_end();
  }

  void arrives(std::span<std::byte> bytes) {
    const twinsocket::detail::loop::turn turn(loop, loop.time());
    connection->on_bytes(bytes);
  }

  manual_loop loop;
  sink network;
  std::shared_ptr<wire_connection> connection;
};

}  // namespace

TEST_CASE("echoing messages allocates nothing and needs one write per turn") {
  for (const std::size_t size : {16, 1'000, 3'000}) {
    echoing_server server;
    octets turn;
    for (int i = 0; i < 16; ++i) turn = std::move(turn) + frame(role::server, 0x82, pattern(size));
    octets bytes = turn;
    server.arrives(bytes);
    const std::size_t writes = server.network.writes;
    const std::size_t before = allocations();
    for (int i = 0; i < 100; ++i) {
      std::copy(turn.begin(), turn.end(), bytes.begin());
      server.arrives(bytes);
    }
    const std::size_t asked = allocations() - before;
    CAPTURE(size);
    CHECK(asked == 0);
    CHECK(server.network.written > 101 * 16 * size);
    CHECK(server.network.writes == writes + 100);
  }
}

TEST_CASE("replies of a turn are copied once into the send queue") {
  for (const std::size_t size : {200, 1'000, 3'000}) {
    echoing_server server;
    octets turn;
    for (int i = 0; i < 16; ++i) turn = std::move(turn) + frame(role::server, 0x82, pattern(size));
    octets bytes = turn;
    server.arrives(bytes);
    const std::size_t written = server.network.written;
    bytes = turn;
    const std::size_t before = copied_bytes();
    server.arrives(bytes);
    const std::size_t copied = copied_bytes() - before;
    CAPTURE(size);
    CHECK(server.network.written == 2 * written);
    // Once into the output. The copy into the received message is the unmasking, which is not done by memcpy.
    CHECK(copied >= 16 * size);
    CHECK(copied < 16 * (size + 16));
  }
}

TEST_CASE("a large message is written from the sender's memory without a copy") {
  echoing_server server;
  const octets one = frame(role::server, 0x82, pattern(100'000));
  octets bytes = one;
  server.arrives(bytes);
  bytes = one;
  const std::size_t writes = server.network.writes;
  const std::size_t before = copied_bytes();
  server.arrives(bytes);
  const std::size_t copied = copied_bytes() - before;
  CHECK(server.network.writes == writes + 1);
  // The only copy is the unmasking into the received message, which is not done by memcpy.
  CHECK(copied < 1'000);
}

// For a server the copy is the unmasking, which is not done by memcpy.
TEST_CASE("a received message of 1 MiB is copied once") {
  for (const role self : {role::client, role::server}) {
    octets bytes = frame(self, 0x82, pattern(1 << 20));
    wire_session session({.self = self, .random = nullptr}, time_point{});
    twinsocket::message received;
    const std::size_t before = copied_bytes();
    session.feed(bytes, time_point{});
    const bool whole = session.next(received);
    session.release_input();
    const std::size_t copied = copied_bytes() - before;
    CHECK(whole);
    CHECK(received.size() == 1 << 20);
    const std::size_t by_memcpy = self == role::client ? 1 << 20 : 0;
    CHECK(copied >= by_memcpy);
    CHECK(copied < by_memcpy + 1'000);
  }
}
