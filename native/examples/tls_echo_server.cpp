// Echoes every message over TLS. Without certificate files it generates a self-signed certificate for localhost and prints
// it, so that clients can trust it. Changed files are loaded by themselves.
// usage: tls_echo_server PORT [CERTIFICATE KEY]

#include <iostream>

#include "server_arguments.hpp"
#include "twinsocket/native/server.hpp"

namespace {

twinsocket::task<void> echo(twinsocket::connection socket) {
  while (auto message = co_await socket.receive()) co_await socket.send(*message);
}

}  // namespace

int main(int count, char** arguments) {
  const auto port = parse_port(count > 1 ? arguments[1] : "");
  if ((count != 2 && count != 4) || !port) return print_usage(arguments[0], "PORT [CERTIFICATE KEY]");
  twinsocket::server_options options{.address = "127.0.0.1", .port = *port};
  if (count == 4) {
    options.certificate = twinsocket::tls_certificate::files(arguments[2], arguments[3]);
  } else {
    auto made = twinsocket::tls_certificate::self_signed();
    if (!made) {
      std::cerr << made.error().message() << '\n';
      return 2;
    }
    std::cout << made->certificate();
    options.certificate = *std::move(made);
  }

  twinsocket::server server{options};
  server.websocket("/echo", echo);
  return serve(server, "serving on wss://localhost:PORT/echo");
}
