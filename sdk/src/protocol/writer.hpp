#pragma once

// The sending half of RFC 6455. Each call appends whole frames to a buffer; header and payload are written once.

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

/// Writes the frames of one connection. The caller ensures that text is valid UTF-8, that the fragments of a message are
/// consecutive, and that nothing follows a close frame. A payload must not be in the buffer that is written to.
class writer {
 public:
  /// `random` is called by clients only, for masking keys, 64 bytes at a time.
  writer(role self, random_source random) noexcept : random_(random), self_(self) {}

  [[nodiscard]] role self() const noexcept { return self_; }

  /// A message in one frame. `compressed` means that the payload is compressed (RFC 7692 section 6).
  void message(buffer& out, message_kind kind, std::span<const std::byte> payload, bool compressed = false);
  /// Only the header of message(), for a server that writes the payload itself.
  void header(buffer& out, message_kind kind, std::size_t payload_size);
  /// One fragment of a message (RFC 6455 section 5.4). Only the first one is marked as compressed.
  void fragment(buffer& out, message_kind kind, std::span<const std::byte> payload, bool first, bool last,
                bool compressed = false);
  /// A ping. Bytes beyond max_control_payload are not sent.
  void ping(buffer& out, std::span<const std::byte> payload);
  /// A pong. Bytes beyond max_control_payload are not sent.
  void pong(buffer& out, std::span<const std::byte> payload);
  /// A close frame; an empty one for no_status. A reason that is too long is truncated by truncate_reason().
  void close(buffer& out, close_code code, std::string_view reason);

 private:
  void frame(buffer& out, frame_header header, std::span<const std::byte> payload);
  mask_key next_key();

  // Masking keys must be unpredictable (RFC 6455 section 10.3), so they come from the random source. They are generated
  // in blocks, so that a frame costs no system call.
  struct key_block {
    std::array<mask_key, 16> keys;
    std::size_t used = 0;
  };

  random_source random_;
  std::unique_ptr<key_block> keys_;  // Null until the first masked frame. Servers need none.
  role self_;
};

}  // namespace twinsocket::detail
