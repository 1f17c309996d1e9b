// Forwards each message to all other clients, with twinsocket::topics. Prints its port.

#include <iostream>
#include <string>

#include "twinsocket/native/server.hpp"
#include "twinsocket/native/topics.hpp"

int main() {
  using namespace twinsocket;
  topics all;
  server server{{.address = "127.0.0.1", .port = 0, .threads = 1}};
  server.websocket("/broadcast", [&all](connection socket) -> task<void> {
    const auto listening = all.subscribe(socket, "everything");
    while (const auto said = co_await socket.receive())
      all.publish("everything", prepared_message(*said), publish_options().exclude(socket));
  });
  const auto port = server.listen();
  if (!port) {
    std::cerr << port.error().message() << '\n';
    return 1;
  }
  std::cout << *port << std::endl;
  return server.run() ? 0 : 1;
}
