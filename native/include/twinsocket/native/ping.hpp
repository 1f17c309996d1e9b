#pragma once

// Pings of one's own (RFC 6455 section 5.5.2), besides those that keepalive sends. On the connection's own thread.

#include <chrono>

#include "twinsocket/connection.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket {

/// Sends a ping and waits for its own pong: the value is the time that took. Any number may be under way at once. The
/// error is that of connection::receive() when the connection ends first.
[[nodiscard]] task<result<std::chrono::nanoseconds>> ping(connection& socket);

}  // namespace twinsocket
