#pragma once

// Hearing of the peer's close before it is answered.

#include <functional>

#include "twinsocket/close.hpp"
#include "twinsocket/connection.hpp"

namespace twinsocket {

/// Told of the peer's close frame: its code, 1005 where it has none, and its reason.
using close_hook = std::function<void(const close_info& peer)>;

/// Calls `hook` once when the peer closes first, before its close frame is answered (RFC 6455 section 5.5.1); an empty one
/// ends that. What the hook sends with try_send() leaves before the answer. The answer repeats the peer's code and reason,
/// unless the hook calls close() with others; close() and closed() tell the peer's all the same. It is called where the
/// connection reads, also while messages that came before are not received yet. It must not wait, throw, or set a hook.
/// Not called where this side has closed, or the connection breaks. From any thread; on another than the connection's own
/// it takes effect a little later.
void on_close(connection& socket, close_hook hook);

}  // namespace twinsocket
