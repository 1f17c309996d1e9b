#pragma once

// A message that is framed, and compressed, once and sent to many.

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>

#include "twinsocket/detail/buffer.hpp"
#include "twinsocket/message.hpp"

namespace twinsocket {

namespace detail {

class deflate_engine;

/// What a message is in one way of compressing it.
struct compressed_form {
  const deflate_engine* engine;
  int window_bits;
  std::size_t header_size = 0;
  buffer frame;  ///< As a server sends it; empty where the message is to go as it is.
};

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
  /// For connections whose messages are compressed each by itself. Made when it is first asked for, from any thread.
  [[nodiscard]] const compressed_form& compressed(const deflate_engine& engine, int window_bits) const;

 private:
  message_kind kind_;
  bool sendable_;
  std::size_t header_size_ = 0;
  buffer frame_;
  mutable std::mutex mutex_;
  mutable std::list<compressed_form> compressed_;
};

}  // namespace detail

/// Copying it shares the bytes; any number of threads may send it at once. What a server does once for all its
/// connections is framing, and checking text; a client masks each message anew (RFC 6455 section 5.3). Where connections
/// keep no context (RFC 7692 section 7.1.1) it is compressed once for all of them that have the same window and level.
class prepared_message {
 public:
  explicit prepared_message(std::string_view text);
  explicit prepared_message(std::u8string_view utf8) : prepared_message(detail::as_chars(utf8)) {}
  prepared_message(message_kind kind, std::span<const std::byte> bytes);
  prepared_message(message_kind kind, std::span<const unsigned char> bytes)
      : prepared_message(kind, std::as_bytes(bytes)) {}
  explicit prepared_message(const message& m) : prepared_message(m.kind(), m.bytes()) {}
  /// For the library itself.
  explicit prepared_message(std::shared_ptr<const detail::prepared_frames> frames) noexcept : frames_(std::move(frames)) {}

  [[nodiscard]] message_kind kind() const noexcept { return frames_->kind(); }
  /// The bytes; valid as long as this or a copy of it lives.
  [[nodiscard]] std::span<const std::byte> bytes() const& noexcept TWINSOCKET_LIFETIMEBOUND { return frames_->payload(); }
  std::span<const std::byte> bytes() const&& = delete;

  /// For the library itself.
  [[nodiscard]] const std::shared_ptr<const detail::prepared_frames>& frames() const noexcept { return frames_; }

 private:
  std::shared_ptr<const detail::prepared_frames> frames_;
};

}  // namespace twinsocket
