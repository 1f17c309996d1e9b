#pragma once

// Frames out: the sending half of RFC 6455. Each call appends whole frames to a buffer, header and payload written once.

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "protocol/frame.hpp"
#include "protocol/random.hpp"
#include "twinsocket/close.hpp"
#include "twinsocket/detail/buffer.hpp"
#include "twinsocket/message.hpp"

namespace twinsocket::detail {

/// Writes the frames of one connection. The caller sees to it that text is valid UTF-8, that a message's fragments
/// follow each other, and that nothing follows a close. No payload may lie in the buffer that is written to.
class writer {
 public:
  /// `random` is called by a client only, for mask keys, some dozens of bytes at a time.
  writer(role self, random_source random) noexcept : random_(random), self_(self) {}

  /// A message in one frame. `compressed` says that the payload is (RFC 7692 section 6).
  void message(buffer& out, message_kind kind, std::span<const std::byte> payload, bool compressed = false);
  /// One fragment of a message (RFC 6455 section 5.4); that it is compressed is said by its first one only.
  void fragment(buffer& out, message_kind kind, std::span<const std::byte> payload, bool first, bool last,
                bool compressed = false);
  /// A ping. At most max_control_payload bytes are written; bytes beyond are left out.
  void ping(buffer& out, std::span<const std::byte> payload);
  /// A pong; sized like a ping.
  void pong(buffer& out, std::span<const std::byte> payload);
  /// A close frame. no_status writes an empty one; a reason that is too long is cut by fit_reason.
  void close(buffer& out, close_code code, std::string_view reason);

 private:
  void frame(buffer& out, frame_header header, std::span<const std::byte> payload);
  mask_key next_key();

  // Keys must not be predictable (RFC 6455 section 10.3), so they come from the random source; a block of them at once,
  // so that a frame costs no system call.
  struct key_block {
    std::array<mask_key, 16> keys;
    std::size_t used = 0;
  };

  random_source random_;
  std::unique_ptr<key_block> keys_;  // Null where no frame was masked yet: a server needs none.
  role self_;
};

}  // namespace twinsocket::detail
