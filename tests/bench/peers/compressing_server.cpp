// Our server with compression, with `takeover` as the argument with context takeover in both directions. Prints its port.

#include <iostream>
#include <string_view>

#include "twinsocket/native/compression.hpp"
#include "twinsocket/native/server.hpp"

int main(int count, char** words) {
  const bool resets = count < 2 || std::string_view(words[1]) != "takeover";
  twinsocket::server server{{.address = "127.0.0.1", .port = 0}};
  twinsocket::websocket_options options;
  options.compression(
      twinsocket::compression_options().threshold(0).server_no_context_takeover(resets).client_no_context_takeover(
          resets));
  server.websocket("/echo", options, [](twinsocket::connection socket) -> twinsocket::task<void> {
    while (auto message = co_await socket.receive()) co_await socket.send(*message);
  });
  if (const auto listening = server.listen(); !listening) {
    std::cerr << listening.error().message() << '\n';
    return 1;
  }
  std::cout << server.port() << std::endl;
  return server.run() ? 0 : 1;
}
