#pragma once

// Frames that many connections of a server send: made once, and given to each as bytes.

#include <cstddef>
#include <span>

#include "protocol/deflate_engine.hpp"

namespace twinsocket::detail {

/// How a connection frames its messages: those of equal forms send equal bytes.
struct frame_form {
  const deflate_engine* engine = nullptr;  ///< Null where messages go as they are,
  int window_bits = 0;                     ///< else how each is compressed by itself,
  std::size_t threshold = 0;               ///< from this size on.

  friend bool operator==(const frame_form&, const frame_form&) = default;
};

/// Whole messages, one behind the other.
struct frame_block {
  std::span<const std::byte> frames;
  std::size_t messages = 0;
  std::size_t payload = 0;  ///< The bytes of the messages themselves.
};

}  // namespace twinsocket::detail
