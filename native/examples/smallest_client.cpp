#include <iostream>
#include <string>

#include "twinsocket/connect.hpp"
#include "twinsocket/native/run.hpp"

twinsocket::task<void> greet(std::string url) {
  auto socket = co_await twinsocket::connect(url);
  if (!socket) {
    std::cerr << socket.error().message() << '\n';
    co_return;
  }
  co_await socket->send("hello");
  if (auto reply = co_await socket->receive()) std::cout << reply->text() << '\n';
  co_await socket->close();
}

int main(int count, char** arguments) {
  twinsocket::native::run(greet(count > 1 ? arguments[1] : "ws://localhost:8080/echo"));
}
