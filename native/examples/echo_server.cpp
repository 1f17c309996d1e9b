// Sends every message back. usage: echo_server [PORT]

#include <charconv>
#include <csignal>
#include <cstdint>
#include <iostream>
#include <string_view>

#include "twinsocket/native/server.hpp"

namespace {

twinsocket::task<void> echo(twinsocket::connection socket) {
  while (auto message = co_await socket.receive()) co_await socket.send(*message);
}

}  // namespace

int main(int count, char** words) {
  const std::string_view text = count > 1 ? words[1] : "8080";
  std::uint16_t port = 0;
  const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (count > 2 || failure != std::errc() || rest != text.data() + text.size()) {
    std::cerr << "usage: echo_server [PORT]\n";
    return 2;
  }

  twinsocket::server server{{.address = "127.0.0.1", .port = port}};
  server.websocket("/echo", echo);
  server.stop_on({SIGINT, SIGTERM});
  const auto taken = server.listen();
  if (!taken) {
    std::cerr << taken.error().message() << '\n';
    return 2;
  }
  std::cout << "echoing at ws://127.0.0.1:" << *taken << "/echo" << std::endl;
  server.run();
}
