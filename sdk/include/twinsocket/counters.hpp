#pragma once

// What a connection has done so far.

#include "twinsocket/detail/cxx20.hpp"

#include <chrono>
#include <cstdint>

namespace twinsocket {

/// Counts since the connection opened.
struct counters {
  std::uint64_t messages_received = 0;
  std::uint64_t messages_sent = 0;
  std::uint64_t bytes_received = 0;  ///< Payload of messages, without headers.
  std::uint64_t bytes_sent = 0;      ///< Payload of messages, without headers.
  std::uint64_t dropped = 0;         ///< Messages that a when_full policy dropped from the queue or refused.

  /// How long the last ping that was answered took, keepalive's too; 0 before the first, and in browsers.
  std::chrono::nanoseconds round_trip{0};

  friend bool operator==(const counters&, const counters&) = default;
};

}  // namespace twinsocket
