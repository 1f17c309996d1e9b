#pragma once

// A setter and its getter take one line each.
// clang-format off

// Two connections that are connected in memory, for tests and pages without a network, on both targets.

#include <string>
#include <utility>

#include "twinsocket/connection.hpp"
#include "twinsocket/detail/lifetime.hpp"
#include "twinsocket/keepalive.hpp"
#include "twinsocket/limits.hpp"

namespace twinsocket {

/// Options of both ends of a pair.
class pair_options {
 public:
  /// Limits of both ends. Default: those of twinsocket::limits.
  pair_options& limits(const twinsocket::limits& values) { limits_ = values; return *this; }
  [[nodiscard]] const twinsocket::limits& limits() const noexcept TWINSOCKET_LIFETIMEBOUND { return limits_; }

  /// Keepalive of both ends. Default: that of twinsocket::keepalive.
  pair_options& keepalive(const twinsocket::keepalive& values) { keepalive_ = values; return *this; }
  [[nodiscard]] const twinsocket::keepalive& keepalive() const noexcept TWINSOCKET_LIFETIMEBOUND { return keepalive_; }

  /// The subprotocol that both ends report as negotiated. Default: none.
  pair_options& subprotocol(std::string name) { subprotocol_ = std::move(name); return *this; }
  [[nodiscard]] const std::string& subprotocol() const noexcept TWINSOCKET_LIFETIMEBOUND { return subprotocol_; }

  /// The client end sends heartbeats, as browsers do that negotiate them: the server end answers each text message U+0000 with
  /// the same, and does not deliver it. Default: false.
  pair_options& heartbeats(bool on) { heartbeats_ = on; return *this; }
  [[nodiscard]] bool heartbeats() const noexcept { return heartbeats_; }

  /// Bytes in flight in one direction before the sender has to wait, like a socket's buffers. Default: 64 KiB.
  pair_options& capacity(std::size_t bytes) { capacity_ = bytes; return *this; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

 private:
  twinsocket::limits limits_;
  twinsocket::keepalive keepalive_;
  std::string subprotocol_;
  bool heartbeats_ = false;
  std::size_t capacity_ = 64 * kib;
};

/// The two open ends of one connection. They exchange RFC 6455 frames.
struct connection_pair {
  connection client;  ///< Masks its frames, as RFC 6455 section 5.3 requires of a client.
  connection server;  ///< Accepts only masked frames.
};

/// Creates a pair on the event loop of the calling task.
[[nodiscard]] connection_pair make_connection_pair(const pair_options& options = {});

}  // namespace twinsocket
