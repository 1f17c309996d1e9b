#pragma once

// The listening sockets of a server: one for each thread, on one port.

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <string>

#include "twinsocket/error.hpp"

namespace twinsocket::detail {

using tcp_endpoint = boost::asio::ip::tcp::endpoint;
using tcp_acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

/// The endpoint of an IP address, or of the first one that a name has.
[[nodiscard]] result<tcp_endpoint> find_endpoint(boost::asio::io_context& context, const std::string& address,
                                                 std::uint16_t port);

/// Which of a server's listening sockets one is.
enum class sharing : std::uint8_t {
  alone,  ///< The only one.
  first,  ///< Others of the same server follow on the port that it took.
  next,   ///< One of those others.
};

/// Listens. errc::system names the endpoint.
[[nodiscard]] result<tcp_acceptor> open_acceptor(boost::asio::io_context& context, const tcp_endpoint& where,
                                                 sharing how);

/// "127.0.0.1:8080", "[::1]:8080".
[[nodiscard]] std::string to_text(const tcp_endpoint& endpoint);

}  // namespace twinsocket::detail
