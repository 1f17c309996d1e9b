// Receives orders as JSON, XML or CBOR, and returns each with its number. Usage: shop PORT SITE

#include <charconv>
#include <cstdint>
#include <iostream>
#include <string_view>

#include "messages.hpp"
#include "twinsocket/any_codec.hpp"
#include "twinsocket/native/server.hpp"

namespace {

// Larger than the integers that a double, and so a JavaScript number, represents exactly.
std::uint64_t last_id = 9'007'199'254'740'992;

twinsocket::task<void> take_orders(twinsocket::connection socket) {
  const twinsocket::any_codec codec = twinsocket::codec_of(socket);
  for (;;) {
    auto order = co_await socket.receive<shop::order>(codec);
    if (!order) {
      // An invalid order closes the connection. The reason contains the position of the error.
      co_await socket.close(twinsocket::close_code::invalid_payload, order.error().detail());
      co_return;
    }
    order->id = ++last_id;
    co_await socket.send(codec, *order);
  }
}

}  // namespace

int main(int count, char** words) {
  std::uint16_t port = 0;
  const std::string_view text = count == 3 ? words[1] : "";
  if (std::from_chars(text.data(), text.data() + text.size(), port).ec != std::errc()) {
    std::cerr << "usage: shop PORT SITE\n";
    return 2;
  }
  twinsocket::server server{{.address = "127.0.0.1", .port = port}};
  server.websocket(
      "/orders",
      twinsocket::websocket_options().subprotocol("order.json").subprotocol("order.xml").subprotocol("order.cbor"),
      take_orders);
  server.files("/", words[2]);
  const auto taken = server.listen();
  if (!taken) {
    std::cerr << taken.error().message() << '\n';
    return 1;
  }
  std::cout << "open for orders at http://127.0.0.1:" << *taken << '/' << std::endl;
  server.run();
}
