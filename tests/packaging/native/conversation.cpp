// A program with a server and a client: the component native.

#include <iostream>
#include <string>
#include <thread>

#include "twinsocket/connect.hpp"
#include "twinsocket/native/run.hpp"
#include "twinsocket/native/server.hpp"

twinsocket::task<int> talk(std::string url) {
  auto socket = co_await twinsocket::connect(url);
  if (!socket) co_return 1;
  co_await socket->send("hello");
  if (auto reply = co_await socket->receive()) std::cout << "echo: " << reply->text() << '\n';
  const twinsocket::close_info end = co_await socket->close();
  co_return end.normal() ? 0 : 1;
}

int main() {
  twinsocket::server server{{.address = "127.0.0.1", .port = 0}};
  server.websocket("/", [](twinsocket::connection socket) -> twinsocket::task<void> {
    while (auto message = co_await socket.receive()) co_await socket.send(*message);
  });
  const auto port = server.listen();
  if (!port) return 1;
  std::thread serving([&] { server.run(); });
  const int status = twinsocket::native::run(talk("ws://127.0.0.1:" + std::to_string(*port) + "/"));
  server.stop();
  serving.join();
  return status;
}
