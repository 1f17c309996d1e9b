// An echo server on byte streams: message boundaries are ignored, and memory use is bounded. usage: stream_copy [PORT]

#include <iostream>

#include "server_arguments.hpp"
#include "twinsocket/native/byte_stream.hpp"
#include "twinsocket/native/server.hpp"

namespace {

twinsocket::task<void> copy_back(twinsocket::connection socket) {
  twinsocket::byte_stream stream(socket);
  const auto copied = co_await copy(stream, stream);
  if (copied) {
    std::cout << "copied " << *copied << " bytes" << std::endl;
  } else {
    std::cerr << copied.error().message() << '\n';
  }
}

}  // namespace

int main(int count, char** arguments) {
  const auto port = parse_server_arguments(count, arguments);
  if (!port) return 2;

  twinsocket::server server{{.address = "127.0.0.1", .port = *port}};
  server.websocket("/copy", copy_back);
  return serve(server, "serving on ws://127.0.0.1:PORT/copy");
}
