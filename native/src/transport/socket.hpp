#pragma once

// The sockets below connections.

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <string>

#include "twinsocket/error.hpp"

namespace twinsocket::detail {

// With a concrete executor: type erasure costs on every operation.
using tcp_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;
/// Of any family: TCP, or a Unix-domain socket.
using stream_socket =
    boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, boost::asio::io_context::executor_type>;

/// Takes ownership of a descriptor, and closes it when it is not a stream socket. `what` names it in the error.
[[nodiscard]] result<stream_socket> adopt_socket(boost::asio::io_context& context, int descriptor, const std::string& what);

/// The peer's address for people, such as "127.0.0.1:8080", "[::1]:8080", or "unix:/run/app.socket"; "" where there is
/// none any more.
[[nodiscard]] std::string remote_address(const stream_socket& socket);
/// This side's likewise.
[[nodiscard]] std::string local_address(const stream_socket& socket);
/// Such a text for an endpoint.
[[nodiscard]] std::string text_of(const stream_socket::endpoint_type& endpoint);

}  // namespace twinsocket::detail
