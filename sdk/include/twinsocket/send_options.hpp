#pragma once

// A setter and its getter take one line each.
// clang-format off

// Backpressure and compression of one message.

#include "twinsocket/detail/cxx20.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "twinsocket/detail/lifetime.hpp"

namespace twinsocket {

/// What to do with a message for which the send queue has no room. Control frames (ping, pong, close) are never dropped
/// and are sent ahead of queued messages.
enum class overflow_policy : std::uint8_t {
  wait,            ///< send() suspends until there is room; try_send() fails with errc::queue_full.
  drop_newest,     ///< Rejects this message with errc::queue_full.
  drop_oldest,     ///< Drops as many of the oldest queued messages as needed.
  latest_per_key,  ///< Replaces the queued message with the same key, even if there is room; otherwise as drop_newest.
  close,           ///< Closes with 1013 (try again later).
};

/// Options of one message.
class send_options {
 public:
  /// Default: overflow_policy::wait.
  send_options& overflow_policy(twinsocket::overflow_policy policy) { policy_ = policy; return *this; }
  [[nodiscard]] twinsocket::overflow_policy overflow_policy() const noexcept { return policy_; }

  /// The subject of the message, for overflow_policy::latest_per_key. Also selects that policy.
  send_options& key(std::string name) {
    key_ = std::move(name);
    policy_ = twinsocket::overflow_policy::latest_per_key;
    return *this;
  }
  [[nodiscard]] const std::string& key() const noexcept TWINSOCKET_LIFETIMEBOUND { return key_; }

  /// The queue counts as full from this many queued bytes on, if that is less than limits::send_queue_bytes. Default: no
  /// limit.
  send_options& queue_limit(std::size_t bytes) { queue_limit_ = bytes; return *this; }
  [[nodiscard]] std::size_t queue_limit() const noexcept { return queue_limit_; }

  /// False sends the message uncompressed on a connection with compression (RFC 7692). Useful for data that is
  /// compressed already, and for secrets next to text that an attacker chooses, because the compressed size can reveal
  /// them. In a browser the platform decides. Default: true.
  send_options& compress(bool on) { compress_ = on; return *this; }
  [[nodiscard]] bool compress() const noexcept { return compress_; }

 private:
  twinsocket::overflow_policy policy_ = twinsocket::overflow_policy::wait;
  std::size_t queue_limit_ = std::numeric_limits<std::size_t>::max();
  std::string key_;
  bool compress_ = true;
};

}  // namespace twinsocket
