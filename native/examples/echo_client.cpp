// Prints what the server sends, and sends it back, until the server closes.
// usage: echo_client [--origin O] [--ca FILE] [--insecure] URL

#include <iostream>

#include "client_words.hpp"
#include "twinsocket/native/run.hpp"

namespace {

twinsocket::task<int> answer(client_words words) {
  auto socket = co_await twinsocket::native::connect(words.url, words.options);
  if (!socket) {
    std::cerr << socket.error().message() << '\n';
    co_return 1;
  }
  while (auto message = co_await socket->receive()) {
    std::cout << "Received from server: " << message->text() << std::endl;
    co_await socket->send(*message);
  }
  const twinsocket::close_info end = co_await socket->closed();
  std::cout << "Closed: " << static_cast<int>(end.code) << ' ' << end.reason << std::endl;
  co_return end.normal() ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
  auto said = read_client_words(count, words);
  if (!said) return 2;
  return twinsocket::native::run(answer(*std::move(said)));
}
