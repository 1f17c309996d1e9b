#pragma once

// What becomes of a message when the peer does not keep up, and whether it is compressed.

#include "twinsocket/detail/cxx20.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

namespace twinsocket {

/// What to do with a message for which the outbound queue has no room. Control frames (ping, pong, close) are never
/// dropped; they go ahead of what is queued.
enum class when_full : std::uint8_t {
  wait,            ///< send() waits for room; try_send() refuses with errc::queue_full.
  drop_newest,     ///< Refuses this message with errc::queue_full.
  drop_oldest,     ///< Drops the oldest of those that wait, as many as it takes.
  latest_per_key,  ///< Replaces the one with the same key that waits, whether there is room or not; else as drop_newest.
  close,           ///< Closes with 1013 (try again later).
};

/// How one message is sent.
class send_options {
 public:
  /// when_full::wait.
  send_options& when_full(twinsocket::when_full policy) { policy_ = policy; return *this; }
  [[nodiscard]] twinsocket::when_full when_full() const noexcept { return policy_; }

  /// Says what the message is about, for when_full::latest_per_key, and chooses that policy.
  send_options& key(std::string name) {
    key_ = std::move(name);
    policy_ = twinsocket::when_full::latest_per_key;
    return *this;
  }
  [[nodiscard]] const std::string& key() const noexcept { return key_; }

  /// Counts as full from this many queued bytes on, where that is less than limits::outbound_bytes.
  send_options& queue_limit(std::size_t bytes) { queue_limit_ = bytes; return *this; }
  [[nodiscard]] std::size_t queue_limit() const noexcept { return queue_limit_; }

  /// False sends the message as it is where messages are compressed (RFC 7692): true. For what is compressed already, and
  /// for secrets beside text of somebody else's choosing, which the size of the compressed message could give away. In a
  /// browser the platform decides.
  send_options& compress(bool on) { compress_ = on; return *this; }
  [[nodiscard]] bool compress() const noexcept { return compress_; }

 private:
  twinsocket::when_full policy_ = twinsocket::when_full::wait;
  std::size_t queue_limit_ = std::numeric_limits<std::size_t>::max();
  std::string key_;
  bool compress_ = true;
};

}  // namespace twinsocket
