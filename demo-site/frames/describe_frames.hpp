#pragma once

// The frames of a message, field by field (RFC 6455 section 5.2), for people to look at.

#include <boost/describe.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "protocol/frame.hpp"
#include "protocol/random.hpp"
#include "twinsocket/describe.hpp"
#include "twinsocket/detail/buffer.hpp"
#include "twinsocket/message.hpp"

namespace demo {

/// A field of a frame. Bits are counted from the beginning of the frame.
struct frame_field {
  std::string name;
  std::uint32_t first_bit = 0;
  std::uint32_t bits = 0;
  std::string value;
  std::string meaning;
};
BOOST_DESCRIBE_STRUCT(frame_field, (), (name, first_bit, bits, value, meaning))

struct frame_description {
  std::string bytes;  ///< In hexadecimal.
  std::vector<frame_field> fields;
};
BOOST_DESCRIBE_STRUCT(frame_description, (), (bytes, fields))

struct frame_options {
  twinsocket::detail::role sender = twinsocket::detail::role::client;
  twinsocket::message_kind kind = twinsocket::message_kind::text;
  /// Bytes of each fragment; 0 for one frame.
  std::size_t fragment_size = 0;
  bool compressed = false;
};

/// The frames of a message, as the library sends them.
[[nodiscard]] twinsocket::detail::buffer write_frames(const frame_options& options, std::span<const std::byte> payload,
                                                      twinsocket::detail::random_source random);

/// Describes whole frames. What follows the last whole frame is left out.
[[nodiscard]] std::vector<frame_description> describe_frames(std::span<const std::byte> bytes);

}  // namespace demo
