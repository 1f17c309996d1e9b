// Prints each message of the server and echoes it, until the server closes the connection.
// Exits with 0 after a normal close, and also if the server ends the TCP stream without a close frame, as Go's x/net does.
// usage: echo_client [--origin O] [--ca FILE] [--insecure] URL

#include <iostream>

#include "client_arguments.hpp"
#include "twinsocket/native/run.hpp"

namespace {

twinsocket::task<int> echo(client_arguments arguments) {
  auto socket = co_await twinsocket::native::connect(arguments.url, arguments.options);
  if (!socket) {
    std::cerr << socket.error().message() << '\n';
    co_return 1;
  }
  auto message = co_await socket->receive();
  for (; message; message = co_await socket->receive()) {
    std::cout << "Received from server: " << message->text() << std::endl;
    co_await socket->send(*message);
  }
  const twinsocket::close_info end = co_await socket->closed();
  std::cout << "Closed: " << close_text(end) << std::endl;
  // A broken connection or an unresponsive server gives an error other than errc::closed.
  const bool stream_ended = end.is(twinsocket::close_code::abnormal) && message.error() == twinsocket::errc::closed;
  co_return end.normal() || stream_ended ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  auto parsed = parse_client_arguments(count, arguments);
  if (!parsed) return 2;
  return twinsocket::native::run(echo(*std::move(parsed)));
}
