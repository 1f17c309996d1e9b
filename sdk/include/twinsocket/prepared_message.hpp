#pragma once

// A message that is framed once and sent to many.

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "twinsocket/detail/buffer.hpp"
#include "twinsocket/message.hpp"

namespace twinsocket {

namespace detail {

/// The bytes that all connections share; they never change.
class prepared_frames {
 public:
  prepared_frames(message_kind kind, std::span<const std::byte> payload);

  [[nodiscard]] message_kind kind() const noexcept { return kind_; }
  [[nodiscard]] std::span<const std::byte> payload() const noexcept { return frame_.bytes().subspan(header_size_); }
  /// The whole frame, as a server sends it.
  [[nodiscard]] std::span<const std::byte> server_frame() const noexcept { return frame_.bytes(); }
  /// True unless it is a text that is not UTF-8.
  [[nodiscard]] bool sendable() const noexcept { return sendable_; }

 private:
  message_kind kind_;
  bool sendable_;
  std::size_t header_size_ = 0;
  buffer frame_;
};

}  // namespace detail

/// Copying it shares the bytes; any number of threads may send it at once. What a server does once for all its
/// connections is framing, and checking text; a client masks each message anew (RFC 6455 section 5.3).
class prepared_message {
 public:
  explicit prepared_message(std::string_view text);
  prepared_message(message_kind kind, std::span<const std::byte> bytes);
  explicit prepared_message(const message& m) : prepared_message(m.kind(), m.bytes()) {}

  [[nodiscard]] message_kind kind() const noexcept { return frames_->kind(); }
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return frames_->payload(); }

  /// For the library itself.
  [[nodiscard]] const std::shared_ptr<const detail::prepared_frames>& frames() const noexcept { return frames_; }

 private:
  std::shared_ptr<const detail::prepared_frames> frames_;
};

}  // namespace twinsocket
