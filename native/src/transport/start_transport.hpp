#pragma once

// Starts a WebSocket connection on a stream after the opening handshake.

#include <memory>
#include <span>
#include <string>

#include "tls/tls_engine.hpp"
#include "transport/http_stream.hpp"
#include "transport/socket_transport.hpp"

namespace twinsocket::detail {

/// Starts a WebSocket connection. `already_read` are bytes that were read after the handshake. Call it inside a turn of the
/// stream's event loop.
[[nodiscard]] std::shared_ptr<wire_connection> start_transport(http_stream stream, const session_options& options,
                                                               std::string subprotocol,
                                                               std::span<std::byte> already_read);

// Used by start_transport(), for a stream without and with TLS.
void start_tcp_transport(stream_socket socket, std::shared_ptr<wire_connection> connection,
                         std::span<std::byte> already_read);
void start_tls_transport(stream_socket socket, std::unique_ptr<tls_engine> engine,
                         std::shared_ptr<wire_connection> connection, std::span<std::byte> already_read);

}  // namespace twinsocket::detail
