#pragma once

// Pings of one's own (RFC 6455 section 5.5.2), besides those that keepalive sends, and who is told of the peer's. On the
// connection's own thread.

#include <chrono>
#include <functional>
#include <span>
#include <string_view>

#include "twinsocket/connection.hpp"
#include "twinsocket/detail/buffer.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket {

/// Sends a ping and waits for its own pong: the value is the time that took. Any number may be under way at once. The
/// payload, of at most 117 bytes (else errc::invalid_argument), goes along behind the number by which the pong is known,
/// and must live until the ping is sent, which is at once. The error is that of connection::receive() when the connection
/// ends first.
[[nodiscard]] task<result<std::chrono::nanoseconds>> ping(connection& socket, std::span<const std::byte> payload = {});
[[nodiscard]] inline task<result<std::chrono::nanoseconds>> ping(connection& socket, std::string_view payload) {
  return ping(socket, detail::text_bytes(payload));
}

/// Told of each of the peer's pings or pongs, with its payload, which is good during the call. It is called where the
/// connection reads, and must not wait, throw, or set a hook; it may send, close and abort.
using control_hook = std::function<void(std::span<const std::byte> payload)>;

/// Calls `hook` for each ping of the peer's, after it was answered; an empty one ends that.
void on_ping(connection& socket, control_hook hook);

/// Calls `hook` for each pong of the peer's: that of a ping() or of keepalive with the payload of that ping, and one that
/// nobody asked for with what it brought (section 5.5.3).
void on_pong(connection& socket, control_hook hook);

}  // namespace twinsocket
