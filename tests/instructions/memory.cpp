// Echoes messages on a connection without a network, so that the instructions of one message can be counted:
//
//   valgrind --tool=callgrind --toggle-collect='measured*' memory_instructions CASE
//
// Counted is everything from the bytes of a readable event to the handler and back to the write. Without an argument the
// program prints its cases and how it was built.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cases.hpp"
#include "connection/wire_connection.hpp"
#include "deflate/zlib_engine.hpp"
#include "loop.hpp"
#include "protocol/writer.hpp"
#include "twinsocket/connection.hpp"
#include "twinsocket/task.hpp"

using namespace twinsocket::detail;
using twinsocket::message_kind;

namespace {

/// A loop whose turns the program begins, at a time that does not pass.
class still_loop final : public loop {
 public:
  ~still_loop() { end({}); }

 private:
  void wake() override {}
  void wake_at(time_point) override {}
};

/// A network that accepts every write at once.
class sink final : public byte_transport {
 public:
  std::size_t write(std::span<const std::byte> bytes) override {
    written += bytes.size();
    return bytes.size();
  }
  void read(bool) override {}
  void end() override {}
  void close_stream() override {}

  std::size_t written = 0;
};

twinsocket::task<void> echo(twinsocket::connection socket) {
  while (auto received = co_await socket.receive()) co_await socket.send(*received);
}

struct workload {
  std::string_view name;
  message_kind kind;
  std::size_t size;           // Payload bytes of a message.
  std::size_t in_flight = 1;  // Messages of one readable event.
  std::size_t fragments = 1;  // Frames of a message.
  bool compressed = false;
};

constexpr workload workloads[] = {
    {.name = "binary-16", .kind = message_kind::binary, .size = 16},
    {.name = "binary-16-times-16", .kind = message_kind::binary, .size = 16, .in_flight = 16},
    {.name = "text-1k", .kind = message_kind::text, .size = 1'024},
    {.name = "text-64k", .kind = message_kind::text, .size = 65'536},
    {.name = "fragmented", .kind = message_kind::text, .size = 1'024, .fragments = 4},
    {.name = "compressed", .kind = message_kind::text, .size = 1'024, .compressed = true},
};

void fixed_key(std::span<std::byte> out) { std::fill(out.begin(), out.end(), std::byte{0x5a}); }

std::vector<std::byte> payload_of(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>('a' + i * i % 26);
  return bytes;
}

/// What a client sends in one turn.
buffer input_of(const workload& work, const compression_setup& deflate) {
  writer client(role::client, fixed_key);
  const std::vector<std::byte> payload = payload_of(work.size);
  buffer out;
  for (std::size_t i = 0; i < work.in_flight; ++i) {
    const std::size_t part = work.size / work.fragments;
    for (std::size_t n = 0; n < work.fragments; ++n) {
      const auto bytes = std::span(payload).subspan(n * part, part);
      buffer smaller;
      const bool compressed =
          work.compressed &&
          message_deflater(*deflate.engine, deflate.agreed.of(role::client)).deflate(bytes, {}, smaller);
      client.fragment(out, work.kind, compressed ? smaller.bytes() : bytes, n == 0, n + 1 == work.fragments,
                      compressed);
    }
  }
  return out;
}

}  // namespace

extern "C" [[gnu::noinline]] void measured(loop& own_loop, wire_connection& connection, std::span<std::byte> bytes) {
  const loop::turn turn(own_loop, {});
  connection.on_bytes(bytes);
}

int main(int count, char** words) {
  if (count != 2) {
    print_cases(workloads);
    return 0;
  }
  const workload* const work = find_case(workloads, words[1]);
  if (!work) return 1;
  session_options options{.self = role::server, .random = nullptr};
  if (work->compressed)
    options.compression = {.engine = &zlib_engine(1, 8),
                           .agreed = {.server_no_context_takeover = true, .client_no_context_takeover = true},
                           .threshold = 0};
  const buffer once = input_of(*work, options.compression);
  buffer bytes(once.bytes());
  sink network;
  still_loop own_loop;
  std::shared_ptr<wire_connection> connection;
  {
    const loop::turn turn(own_loop, {});
    connection = std::make_shared<wire_connection>(own_loop, options, "");
    connection->start(network);
    twinsocket::spawn(echo(twinsocket::connection(connection)));
  }
  const auto turns = [&](std::size_t number, auto handle) {
    for (std::size_t i = 0; i < number; ++i) {
      std::copy(once.bytes().begin(), once.bytes().end(), bytes.data());
      handle();
    }
  };
  const auto unmeasured = [&] {
    const loop::turn turn(own_loop, {});
    connection->on_bytes(bytes.bytes());
  };
  constexpr std::size_t number = 100;
  turns(10, unmeasured);
  const std::size_t before = network.written;
  turns(number, [&] { measured(own_loop, *connection, bytes.bytes()); });
  const std::size_t messages = number * work->in_flight;
  if (network.written - before < (work->compressed ? messages : messages * work->size)) return 1;
  std::printf("%zu\n", messages);
  connection->on_stream_end();
  return 0;
}
