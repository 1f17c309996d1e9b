#pragma once

// Traffic counters of a connection.

#include "twinsocket/detail/cxx20.hpp"

#include <chrono>
#include <cstdint>

namespace twinsocket {

/// Counts since the connection opened.
struct counters {
  std::uint64_t messages_received = 0;  ///< Counted when they are handed to the program; in a browser when they arrive.
  std::uint64_t messages_sent = 0;      ///< Counted when they are framed; in a browser when they are passed to it.
  std::uint64_t bytes_received = 0;     ///< Message payload, without frame headers.
  std::uint64_t bytes_sent = 0;         ///< Message payload, without frame headers.
  std::uint64_t dropped = 0;            ///< Messages that a overflow_policy policy dropped from the queue or rejected.

  /// Round-trip time of the last answered ping, including keepalive pings. 0 before the first one, and in browsers.
  std::chrono::nanoseconds round_trip{0};

  friend bool operator==(const counters&, const counters&) = default;
};

}  // namespace twinsocket
