#pragma once

// A setter and its getter take one line each.
// clang-format off

// Detection of unresponsive peers (RFC 6455 section 5.5.2).

#include "twinsocket/detail/cxx20.hpp"

#include <chrono>

namespace twinsocket {

/// Sends a ping after nothing was received for `interval`. If nothing is received for `timeout` after that, the
/// connection is dropped (close code 1006) with errc::peer_timeout. On by default for clients and servers.
///
/// A browser cannot send pings. There the client offers "NAME+heartbeat" with each subprotocol NAME. A server that
/// accepts it (websocket_options::heartbeat; "heartbeat" is the name without a subprotocol) answers the text message
/// U+0000, which neither side delivers. If the server selects the plain name, only the server's own pings detect a lost
/// peer.
class keepalive {
 public:
  /// Time without received data before a ping is sent. milliseconds::max(), and 0 or less, send none. Default: 30 s.
  keepalive& interval(std::chrono::milliseconds time) { interval_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds interval() const noexcept { return interval_; }

  /// How long the peer may stay silent after a ping. milliseconds::max() is no limit. Default: 20 s.
  keepalive& timeout(std::chrono::milliseconds time) { timeout_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds timeout() const noexcept { return timeout_; }

  /// Sends no pings and never drops a silent peer.
  keepalive& off() { on_ = false; return *this; }
  /// False after off(), and with an interval of 0 or less.
  [[nodiscard]] bool on() const noexcept { return on_ && interval_.count() > 0; }

 private:
  std::chrono::milliseconds interval_{30'000};
  std::chrono::milliseconds timeout_{20'000};
  bool on_ = true;
};

}  // namespace twinsocket
