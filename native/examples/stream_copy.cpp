// The echo as a byte stream: where messages begin and end means nothing, and memory is bounded. usage: stream_copy [PORT]

#include <charconv>
#include <csignal>
#include <cstdint>
#include <iostream>
#include <string_view>

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

int main(int count, char** words) {
  const std::string_view text = count > 1 ? words[1] : "8080";
  std::uint16_t port = 0;
  const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (count > 2 || failure != std::errc() || rest != text.data() + text.size()) {
    std::cerr << "usage: stream_copy [PORT]\n";
    return 2;
  }

  twinsocket::server server{{.address = "127.0.0.1", .port = port}};
  server.websocket("/copy", copy_back);
  server.stop_on({SIGINT, SIGTERM});
  const auto taken = server.listen();
  if (!taken) {
    std::cerr << taken.error().message() << '\n';
    return 2;
  }
  std::cout << "copying at ws://127.0.0.1:" << *taken << "/copy" << std::endl;
  server.run();
}
