#pragma once

// What Asio has no function for: sockets that come from elsewhere, and sharing a port.

#include <boost/system/error_code.hpp>

#include "platform/unique_fd.hpp"

namespace twinsocket::detail {

struct socket_properties {
  int family = 0;  ///< Such as boost::asio::ip::tcp::v4().family().
  bool is_stream = false;
  bool is_listening = false;
};

/// The properties of an open socket.
[[nodiscard]] socket_properties properties_of_socket(int descriptor, boost::system::error_code& failure);

/// A second descriptor of the same socket, which child processes do not inherit.
[[nodiscard]] unique_fd duplicate_socket(int descriptor, boost::system::error_code& failure);

/// Call it on a socket before it is bound: a port that a previous server has left can be bound at once, and one that is in
/// use cannot be bound.
void prepare_listening_port(int descriptor, boost::system::error_code& failure);

/// Whether several event loops can accept from one port: by sockets that share it, or by duplicates of one socket.
[[nodiscard]] bool can_share_listeners() noexcept;

/// Lets several sockets listen on one port; the system distributes the connections. Call it on each of them.
void share_port(int descriptor, boost::system::error_code& failure);

}  // namespace twinsocket::detail
