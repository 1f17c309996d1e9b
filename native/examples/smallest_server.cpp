#include <iostream>

#include "twinsocket/native/server.hpp"

int main() {
  twinsocket::server server{{.address = "127.0.0.1", .port = 8080}};
  server.websocket("/echo", [](twinsocket::connection socket) -> twinsocket::task<void> {
    while (auto message = co_await socket.receive()) co_await socket.send(*message);
  });
  server.files("/", "site");
  const auto ended = server.run();
  if (!ended) std::cerr << ended.error().message() << '\n';
}
