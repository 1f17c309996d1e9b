// Large messages that are written from the sender's memory, on networks that accept only a part of them.

#include <algorithm>
#include <string>
#include <vector>

#include "test.hpp"
#include "connection/wire_connection.hpp"
#include "manual_loop.hpp"
#include "protocol/wire.hpp"
#include "twinsocket/connection.hpp"
#include "twinsocket/prepared_message.hpp"

using namespace wire;

namespace {

/// A transport that gathers, and accepts as many bytes as there is room.
class narrow final : public byte_transport {
 public:
  std::size_t write(std::span<const std::byte> bytes) override { return accept(bytes); }
  std::size_t write(std::span<const std::byte> head, std::span<const std::byte> body) override {
    ++gathered;
    const std::size_t taken = accept(head);
    return taken < head.size() ? taken : taken + accept(body);
  }
  bool gathers() const noexcept override { return true; }
  void read(bool) override {}
  void end() override {}
  void close_stream() override {}

  octets written;
  std::size_t room = SIZE_MAX;
  int gathered = 0;

 private:
  std::size_t accept(std::span<const std::byte> bytes) {
    const std::size_t count = std::min(bytes.size(), room);
    room -= count;
    written.insert(written.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
    return count;
  }
};

struct sender {
  explicit sender(const twinsocket::limits& values = {})
      : connection(std::make_shared<wire_connection>(
            loop, session_options{.self = role::server, .random = nullptr, .limits = values, .keepalive = {}}, "")) {
    in_turn([this] { connection->start(network); });
  }
  ~sender() {
    in_turn([this] { connection->on_stream_end(); });
  }

  template <class F>
  void in_turn(F work) {
    const loop::turn turn(loop, loop.time());
    work();
  }
  void send(const octets& payload, const twinsocket::send_options& options = {}) {
    REQUIRE(static_cast<bool>(socket.try_send(std::span<const std::byte>(payload), options)));
  }

  narrow network;  // Must outlive the loop, which ends pending operations.
  manual_loop loop;
  std::shared_ptr<wire_connection> connection;
  twinsocket::connection socket{connection};
};

octets unmasked(const octets& payload) { return frame(role::client, 0x82, payload); }

}  // namespace

TEST_CASE("a partially accepted gather write is completed in order for every cut position") {
  const octets small = pattern(10);
  const octets large = pattern(70'000);
  const octets expected = unmasked(small) + unmasked(large) + unmasked(small);
  for (const std::size_t cut :
       {std::size_t{0}, std::size_t{5}, std::size_t{11}, std::size_t{12}, std::size_t{15}, std::size_t{22},
        std::size_t{23}, std::size_t{5'000}, std::size_t{70'021}, std::size_t{70'022}, std::size_t{70'030}}) {
    CAPTURE(cut);
    sender s;
    s.network.room = cut;
    s.in_turn([&] {
      s.send(small);
      s.send(large);
      s.send(small);
    });
    CHECK(s.network.gathered == 1);
    CHECK(s.network.written.size() == std::min(cut, expected.size()));
    s.network.room = SIZE_MAX;
    s.in_turn([&] { s.connection->on_writable(); });
    CHECK(s.network.written == expected);
  }
}

TEST_CASE("large messages of one turn are written with fewer writes than messages") {
  sender s;
  octets expected;
  s.in_turn([&] {
    for (int i = 0; i < 8; ++i) {
      s.send(pattern(10'000));
      expected = std::move(expected) + unmasked(pattern(10'000));
    }
  });
  CHECK(s.network.gathered == 1);
  CHECK(s.network.written == expected);
}

TEST_CASE("a prepared_message is written from the shared memory without a copy") {
  sender s;
  const twinsocket::prepared_message shared(twinsocket::message_kind::binary, pattern(70'000));
  s.in_turn([&] { REQUIRE(static_cast<bool>(s.socket.try_send(shared))); });
  CHECK(s.network.gathered == 1);
  CHECK(s.network.written == unmasked(pattern(70'000)));
}

TEST_CASE("a large message waits behind output that the transport has not accepted") {
  sender s;
  s.network.room = 3;
  s.in_turn([&] { s.send(pattern(10)); });
  s.in_turn([&] { s.send(pattern(70'000)); });
  CHECK(s.network.gathered == 0);
  s.network.room = SIZE_MAX;
  s.in_turn([&] { s.connection->on_writable(); });
  CHECK(s.network.written == unmasked(pattern(10)) + unmasked(pattern(70'000)));
}

TEST_CASE("a large message over send_queue_bytes fails with message_too_big") {
  sender s(twinsocket::limits().send_queue_bytes(50'000));
  s.in_turn([&] {
    const auto sent = s.socket.try_send(std::span<const std::byte>(pattern(70'000)));
    CHECK(sent.error() == twinsocket::errc::message_too_big);
  });
  CHECK(s.network.gathered == 0);
}
