// Sends "hello" over TLS, to a server whose certificate a private certificate authority has issued (--ca).
// usage: tls_echo_client [--origin O] [--ca FILE] [--insecure] URL

#include <iostream>

#include "client_arguments.hpp"
#include "twinsocket/native/run.hpp"

namespace {

twinsocket::task<int> greet(client_arguments arguments) {
  auto socket = co_await twinsocket::native::connect(arguments.url, arguments.options);
  if (!socket) {
    std::cerr << socket.error().message() << '\n';
    co_return 1;
  }
  co_await socket->send("hello");
  if (auto reply = co_await socket->receive()) std::cout << reply->text() << '\n';
  co_await socket->close();
  co_return 0;
}

}  // namespace

int main(int count, char** arguments) {
  auto parsed = parse_client_arguments(count, arguments);
  if (!parsed) return 2;
  return twinsocket::native::run(greet(*std::move(parsed)));
}
