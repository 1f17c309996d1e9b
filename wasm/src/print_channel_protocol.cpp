// Prints the messages of channel_protocol.hpp as JSON, from which npm/print_channel_protocol.mjs generates
// js/channel-protocol.ts.

#include <iostream>

#include "describe_types.hpp"
#include "twinsocket/channel_protocol.hpp"

int main() {
  namespace protocol = twinsocket::channel_protocol;
  twinsocket::npm::type_collector types;
  types.add<protocol::client_message>("ClientMessage");
  types.add<protocol::server_message>("ServerMessage");
  const auto document = twinsocket::json.encode(types.types());
  if (!document) {
    std::cerr << document.error().message() << '\n';
    return 1;
  }
  std::cout << document->text() << '\n';
}
