#pragma once

// The class twinsocket::server in a page. It has WebSocket routes with exact paths only, and no network: open() takes the place
// of the opening handshake. Nothing checks origins or calls request hooks, because only the page itself connects. The functions
// of the class that need a network are not defined, so that a program that uses them cannot be linked.

#include <map>
#include <string>
#include <string_view>

#include "twinsocket/connection.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/native/options.hpp"
#include "twinsocket/native/server.hpp"

namespace twinsocket::detail {

class server_state {
 public:
  explicit server_state(server_options options) : options_(std::move(options)) {}

  [[nodiscard]] const server_options& options() const noexcept { return options_; }
  /// errc::invalid_argument for a pattern with parameters.
  [[nodiscard]] result<void> add(std::string path, websocket_options options, websocket_handler handler);

  /// The client's end of a new connection.
  struct opened {
    connection client;
    std::string subprotocol;  ///< As it was negotiated, with the suffix for heartbeats.
  };
  /// Opens a connection to a path with a query, such as "/echo?x=1", and starts its handler. `offered` are the subprotocols in
  /// the form of Sec-WebSocket-Protocol. The error says why a server would refuse it. Called inside a turn of the loop. The
  /// server must outlive the connection.
  [[nodiscard]] result<opened> open(const std::string& target, const std::string& offered);

 private:
  struct route {
    websocket_options options;
    websocket_handler handler;
  };

  const server_options options_;
  std::map<std::string, route, std::less<>> routes_;
};

}  // namespace twinsocket::detail
