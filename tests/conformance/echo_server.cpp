// The tested native server, with options that the program does not have: echo_server [keep] [server_bits=N]
// [client_bits=N] [write_timeout=MS] [message_timeout=MS]. It compresses every message, at every path, and prints its port.

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "twinsocket/native/server.hpp"

int main(int count, char** words) {
  twinsocket::compression_options compression;
  compression.threshold(0);
  twinsocket::limits limits;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    const auto number = [&] { return std::atoi(words[i] + word.find('=') + 1); };
    if (word == "keep") compression.server_no_context_takeover(false).client_no_context_takeover(false);
    if (word.starts_with("server_bits=")) compression.server_max_window_bits(number());
    if (word.starts_with("client_bits=")) compression.client_max_window_bits(number());
    if (word.starts_with("write_timeout=")) limits.write_timeout(std::chrono::milliseconds(number()));
    if (word.starts_with("message_timeout=")) limits.message_timeout(std::chrono::milliseconds(number()));
  }
  twinsocket::server server{{.port = 0}};
  const auto options = twinsocket::websocket_options().compression(compression).limits(limits);
  server.websocket("/echo", options, [](twinsocket::connection socket) -> twinsocket::task<void> {
    while (const auto message = co_await socket.receive()) co_await socket.send(*message);
  });
  server.stop_on({SIGTERM});
  const auto port = server.listen();
  if (!port) return 1;
  std::cout << "serving on http://127.0.0.1:" << *port << '/' << std::endl;
  return server.run() ? 0 : 1;
}
