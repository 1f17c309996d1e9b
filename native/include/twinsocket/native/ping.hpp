#pragma once

// Explicit pings (RFC 6455 section 5.5.2), in addition to those of keepalive, and callbacks for the peer's pings and pongs.
// Use them on the connection's thread.

#include <chrono>
#include <functional>
#include <span>
#include <string_view>

#include "twinsocket/connection.hpp"
#include "twinsocket/detail/buffer.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket {
inline namespace native {

/// Sends a ping, waits for the matching pong and returns the round-trip time. Any number of pings may be pending. The
/// payload may have at most 117 bytes (else errc::invalid_argument). It follows a number that identifies the pong. It must
/// stay valid until the task is awaited, which sends the ping. If the connection ends first, the error is that of
/// connection::receive().
[[nodiscard]] task<result<std::chrono::nanoseconds>> ping(connection& socket, std::span<const std::byte> payload = {});
[[nodiscard]] inline task<result<std::chrono::nanoseconds>> ping(connection& socket, std::string_view payload) {
  return ping(socket, detail::text_bytes(payload));
}

/// Receives the payload of the peer's ping or pong, which is valid during the call. It may send, close and abort. It must
/// not block, throw, or set a hook.
using control_hook = std::function<void(std::span<const std::byte> payload)>;

/// Calls `hook` for each ping of the peer, after the ping has been answered. An empty hook removes it.
void on_ping(connection& socket, control_hook hook);

/// Calls `hook` for each pong of the peer: replies to ping() and to keepalive with the payload of that ping, and unsolicited
/// pongs (section 5.5.3) with their own payload. An empty hook removes it.
void on_pong(connection& socket, control_hook hook);

}  // namespace native
}  // namespace twinsocket
