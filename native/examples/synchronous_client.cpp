// A client in a synchronous program. usage: synchronous_client [URL]

#include <iostream>
#include <string>

#include "twinsocket/connect.hpp"
#include "twinsocket/native/loop_thread.hpp"

using namespace twinsocket;
using namespace std::chrono_literals;

int main(int count, char** arguments) {
  const std::string url = count > 1 ? arguments[1] : "ws://localhost:8080/echo";
  native::loop_thread loop;
  auto socket = loop.run([&] { return connect(url); });
  if (!socket) {
    std::cerr << socket.error().message() << '\n';
    return 1;
  }
  for (std::string line; std::getline(std::cin, line);) {
    socket->try_send(line);
    const auto reply = loop.run([&] { return socket->receive(receive_options().timeout(5s)); });
    if (!reply) {
      std::cerr << reply.error().message() << '\n';
      return 1;
    }
    std::cout << reply->text() << '\n';
  }
  const close_info how = loop.run([&] { return socket->close(); });
  return how.normal() ? 0 : 1;
}
