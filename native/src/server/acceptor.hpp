#pragma once

// Listening sockets, one for each thread of a server and each place where it listens.

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <optional>
#include <string>

#include "transport/socket.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

using tcp_endpoint = boost::asio::ip::tcp::endpoint;
using stream_acceptor =
    boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol, boost::asio::io_context::executor_type>;

/// The endpoint of an IP address, or of the first one that a name has.
[[nodiscard]] result<tcp_endpoint> find_endpoint(boost::asio::io_context& context, const std::string& address,
                                                 std::uint16_t port);

/// Which of a server's listening sockets on one port one is.
enum class sharing : std::uint8_t {
  alone,  ///< The only one.
  first,  ///< Others of the same server follow on the port that it took.
  next,   ///< One of those others.
};

/// Listens on a TCP endpoint; `only_v6` leaves the IPv4 addresses of "::" to others. errc::system names the endpoint.
[[nodiscard]] result<stream_acceptor> open_acceptor(boost::asio::io_context& context, const tcp_endpoint& where,
                                                    sharing how, bool only_v6 = false);

/// Accepts from a socket that listens already; the descriptor is duplicated. errc::system, or errc::invalid_argument for
/// what is no listening stream socket of TCP or of the Unix domain, names it as `whose`.
[[nodiscard]] result<stream_acceptor> adopt_acceptor(boost::asio::io_context& context, int descriptor,
                                                     const std::string& whose);

/// "127.0.0.1:8080", "[::1]:8080".
[[nodiscard]] std::string to_text(const tcp_endpoint& endpoint);

/// The IP address and the port of a socket's endpoint; nothing for one of the Unix domain.
[[nodiscard]] std::optional<tcp_endpoint> tcp_part(const boost::asio::generic::stream_protocol::endpoint& endpoint);

}  // namespace twinsocket::detail
