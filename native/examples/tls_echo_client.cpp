// Says hello over TLS, to a server whose certificate is signed by a certificate authority of one's own.
// usage: tls_echo_client URL CA_FILE

#include <iostream>
#include <string>

#include "twinsocket/native/connect_options.hpp"
#include "twinsocket/native/run.hpp"

namespace {

twinsocket::task<int> greet(std::string url, std::string authority) {
  const auto trusting = twinsocket::tls_options().ca_file(authority);
  auto socket = co_await twinsocket::native::connect(url, twinsocket::native::connect_options().tls(trusting));
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

int main(int count, char** words) {
  if (count != 3) {
    std::cerr << "usage: tls_echo_client URL CA_FILE\n";
    return 2;
  }
  return twinsocket::native::run(greet(words[1], words[2]));
}
