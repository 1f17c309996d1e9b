// Echoes every message. usage: echo_server [PORT]

#include "server_arguments.hpp"
#include "twinsocket/native/server.hpp"

namespace {

twinsocket::task<void> echo(twinsocket::connection socket) {
  while (auto message = co_await socket.receive()) co_await socket.send(*message);
}

}  // namespace

int main(int count, char** arguments) {
  const auto port = parse_server_arguments(count, arguments);
  if (!port) return 2;

  twinsocket::server server{{.address = "127.0.0.1", .port = *port}};
  server.websocket("/echo", echo);
  return serve(server, "serving on ws://127.0.0.1:PORT/echo");
}
