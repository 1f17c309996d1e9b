// Prints what an idle connection of our server holds on the heap: one line of JSON for each kind of block, with its bytes, how
// many a connection has, and the address of the function that allocated it. memory.mjs makes a table of it.

#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "../load/reply_reader.hpp"
#include "../load/socket.hpp"
#include "blocks.hpp"
#include "twinsocket/native/server.hpp"

namespace {

constexpr std::size_t first = 100, last = 300;

twinsocket::task<void> echo(twinsocket::connection socket) {
  while (auto message = co_await socket.receive()) co_await socket.send(*message);
}

void exchange(bench::client_socket& socket, const bench::workload& load) {
  char buffer[256];
  bench::reply_reader reply(load);
  socket.write(load.burst());
  while (reply.read({buffer, socket.read(buffer, sizeof buffer)}, true) == 0) continue;
}

}  // namespace

int main() {
  using namespace twinsocket;
  server server{{.address = "127.0.0.1", .port = 0, .threads = 1}};
  server.websocket("/echo", echo);
  const auto port = server.listen();
  if (!port) {
    std::cerr << port.error().message() << '\n';
    return 1;
  }
  std::thread serving([&] { (void)server.run(); });
  const bench::workload load(bench::content::binary, 16, 1);
  const bench::target target{.port = *port};
  std::vector<bench::client_socket> sockets;
  sockets.reserve(last + 2);
  const auto blocks_with = [&](std::size_t count) {
    while (sockets.size() < count) exchange(sockets.emplace_back(target), load);
    // The server has one thread. When it answers again, all connections of before are idle.
    exchange(sockets.front(), load);
    return bench::live_blocks();
  };
  const auto before = blocks_with(first), after = blocks_with(last);
  for (const auto& [origin, count] : after) {
    const auto old = before.find(origin);
    const double each = static_cast<double>(count - (old == before.end() ? 0 : old->second)) / (last - first);
    // Tables that all connections share grow now and then.
    if (each < 0.9) continue;
    std::cout << "{\"bytes\":" << origin.bytes << ",\"count\":" << each << ",\"caller\":" << origin.caller << "}\n";
  }
  sockets.clear();
  server.stop();
  serving.join();
}
