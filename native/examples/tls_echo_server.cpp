// Sends every message back, over TLS. Without files it makes a certificate for localhost, and writes it to standard output
// for those who want to trust it. usage: tls_echo_server PORT [CERTIFICATE KEY]

#include <charconv>
#include <csignal>
#include <cstdint>
#include <iostream>
#include <string_view>

#include "twinsocket/native/server.hpp"

namespace {

twinsocket::task<void> echo(twinsocket::connection socket) {
  while (auto message = co_await socket.receive()) co_await socket.send(*message);
}

}  // namespace

int main(int count, char** words) {
  const std::string_view text = count > 1 ? words[1] : "";
  std::uint16_t port = 0;
  const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  if ((count != 2 && count != 4) || failure != std::errc() || rest != text.data() + text.size()) {
    std::cerr << "usage: tls_echo_server PORT [CERTIFICATE KEY]\n";
    return 2;
  }
  twinsocket::server_options options{.address = "127.0.0.1", .port = port};
  if (count == 4) {
    options.certificate = twinsocket::tls_certificate::files(words[2], words[3]);
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
  server.stop_on({SIGINT, SIGTERM});
  server.reload_certificate_on({SIGHUP});
  const auto taken = server.listen();
  if (!taken) {
    std::cerr << taken.error().message() << '\n';
    return 2;
  }
  std::cout << "echoing at wss://localhost:" << *taken << "/echo" << std::endl;
  server.run();
}
