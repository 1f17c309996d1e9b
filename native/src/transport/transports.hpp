#pragma once

// From a stream on which the opening handshake is done to a WebSocket.

#include <memory>
#include <span>
#include <string>

#include "transport/byte_stream.hpp"
#include "transport/socket_transport.hpp"
#include "transport/tls_engine.hpp"

namespace twinsocket::detail {

/// Begins a WebSocket. `already_read` are bytes that came behind the handshake. Inside a turn of the stream's event loop.
[[nodiscard]] std::shared_ptr<wire_connection> start_transport(byte_stream stream, const session_options& options,
                                                               std::string subprotocol,
                                                               std::span<std::byte> already_read);

// One for each kind of stream.
void start_plain(stream_socket socket, std::shared_ptr<wire_connection> connection, std::span<std::byte> already_read);
void start_tls(stream_socket socket, std::unique_ptr<tls_engine> engine, std::shared_ptr<wire_connection> connection,
               std::span<std::byte> already_read);

/// Bytes that cannot be guessed, from the operating system.
void random_bytes(std::span<std::byte> out);

}  // namespace twinsocket::detail
