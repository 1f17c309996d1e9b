#pragma once

// Frames that a server sends to many connections: encoded once, and written to each as bytes.

#include <cstddef>
#include <span>

#include "protocol/deflate_engine.hpp"

namespace twinsocket::detail {

/// How a connection encodes its messages. Connections with equal forms send equal bytes.
struct frame_encoding {
  const deflate_engine* engine = nullptr;  ///< Null: messages are not compressed.
  int window_bits = 0;                     ///< The window of each message, which is compressed by itself.
  std::size_t threshold = 0;               ///< Smaller messages are not compressed. In bytes.

  friend bool operator==(const frame_encoding&, const frame_encoding&) = default;
};

/// Whole messages, one after the other.
struct frame_block {
  std::span<const std::byte> frames;
  std::size_t messages = 0;
  std::size_t payload = 0;  ///< Payload bytes of the messages.
};

}  // namespace twinsocket::detail
