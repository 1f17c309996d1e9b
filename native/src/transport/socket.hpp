#pragma once

// Socket types, and the text form of addresses.

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <string>

#include "twinsocket/error.hpp"

namespace twinsocket::detail {

// With a concrete executor type, because any_io_executor costs on every operation.
using tcp_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;
/// A stream socket of any family: TCP or Unix-domain.
using stream_socket =
    boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, boost::asio::io_context::executor_type>;

/// Whether an address family is IPv4 or IPv6, or the Unix domain.
[[nodiscard]] bool is_ip(int family) noexcept;
[[nodiscard]] bool is_unix(int family) noexcept;

/// Takes ownership of a descriptor. If it is not a stream socket, closes it and fails with errc::invalid_argument; `what`
/// names the descriptor in the error.
[[nodiscard]] result<stream_socket> adopt_socket(boost::asio::io_context& context, int descriptor,
                                                 const std::string& what);

/// The address of the peer as text: "127.0.0.1:8080", "[::1]:8080" or "unix:/run/app.socket"; "" if the socket is not
/// connected any more.
[[nodiscard]] std::string remote_address(const stream_socket& socket);
/// The local address as text, likewise.
[[nodiscard]] std::string local_address(const stream_socket& socket);
/// An endpoint as text, likewise.
[[nodiscard]] std::string text_of(const stream_socket::endpoint_type& endpoint);

}  // namespace twinsocket::detail
