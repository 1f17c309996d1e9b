#pragma once

// Listening sockets: one for each thread of a server and each address that it listens on.

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

/// The endpoint of an IP address, or of the first address that a name resolves to.
[[nodiscard]] result<tcp_endpoint> resolve_endpoint(boost::asio::io_context& context, const std::string& address,
                                                    std::uint16_t port);

/// How a listening socket shares its port with the other threads of the server.
enum class port_sharing : std::uint8_t {
  exclusive,  ///< Not shared.
  first,      ///< Takes the port; the sockets of the other threads follow.
  next,       ///< One of those that follow.
};

/// Listens on a TCP endpoint. The sockets that it accepts have TCP_NODELAY set. With `only_v6`, "::" excludes IPv4
/// addresses. errc::system names the endpoint.
[[nodiscard]] result<stream_acceptor> open_acceptor(boost::asio::io_context& context, const tcp_endpoint& where,
                                                    port_sharing how, bool only_v6 = false);

/// An acceptor for a socket that is already listening. Duplicates the descriptor. Sets TCP_NODELAY as open_acceptor() does.
/// Fails with errc::invalid_argument if it is not a listening stream socket of TCP or of the Unix domain, or with
/// errc::system. `whose` names it in the error.
[[nodiscard]] result<stream_acceptor> adopt_acceptor(boost::asio::io_context& context, int descriptor,
                                                     const std::string& whose);

/// The IP address and the port of a socket's endpoint. Empty for a Unix-domain endpoint.
[[nodiscard]] std::optional<tcp_endpoint> to_tcp_endpoint(
    const boost::asio::generic::stream_protocol::endpoint& endpoint);

}  // namespace twinsocket::detail
