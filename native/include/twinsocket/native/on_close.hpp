#pragma once

// A callback for the peer's close frame, called before the reply.

#include <functional>

#include "twinsocket/close.hpp"
#include "twinsocket/connection.hpp"

namespace twinsocket {
inline namespace native {

/// Receives the close code and the reason of the peer's close frame. The code is 1005 if the frame has none.
using close_hook = std::function<void(const close_info& peer)>;

/// Calls `hook` once when the peer starts the closing handshake, before the close frame is answered (RFC 6455 section
/// 5.5.1). An empty hook removes it. Messages that the hook sends with try_send() leave before the reply. The reply echoes
/// the peer's code and reason, unless the hook calls close() with others; close() and closed() report the peer's in any
/// case. The hook may run while earlier messages are still queued for receive(). It must not block, throw, or set a hook. It
/// is not called if this endpoint closes first or the connection is lost. Callable from any thread; on another thread than
/// the connection's it takes effect asynchronously.
void on_close(connection& socket, close_hook hook);

}  // namespace native
}  // namespace twinsocket
