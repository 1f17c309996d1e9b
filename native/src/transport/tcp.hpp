#pragma once

// The TCP stream below a connection.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <span>
#include <string>

#include "connection/wire_connection.hpp"
#include "transport/event_loop.hpp"

namespace twinsocket::detail {

/// A TCP socket with a concrete executor: type erasure costs on every operation.
using tcp_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

/// Begins a WebSocket on a socket whose opening handshake is done. `already_read` are bytes that came behind the
/// handshake. Inside a turn of the socket's event loop.
[[nodiscard]] std::shared_ptr<wire_connection> start_tcp(tcp_socket socket, const session_options& options,
                                                         std::string subprotocol, std::span<std::byte> already_read);

/// Bytes that cannot be guessed, from the operating system.
void random_bytes(std::span<std::byte> out);

}  // namespace twinsocket::detail
