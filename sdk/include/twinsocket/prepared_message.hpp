#pragma once

// A message that is framed, and compressed, once and sent to many connections.

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>

#include "twinsocket/detail/buffer.hpp"
#include "twinsocket/detail/lifetime.hpp"
#include "twinsocket/message.hpp"

namespace twinsocket {

namespace detail {

class deflate_engine;

/// The message as one compressor compresses it with one window size.
struct compressed_frame {
  const deflate_engine* engine;
  int window_bits;
  std::size_t header_size = 0;
  buffer frame;  ///< As a server sends it; empty if the message is sent uncompressed.
};

/// The bytes that all connections share. They never change.
class prepared_frames {
 public:
  prepared_frames(message_kind kind, std::span<const std::byte> payload);

  [[nodiscard]] message_kind kind() const noexcept { return kind_; }
  [[nodiscard]] std::span<const std::byte> payload() const noexcept { return frame_.bytes().subspan(header_size_); }
  /// The complete frame, as a server sends it.
  [[nodiscard]] std::span<const std::byte> server_frame() const noexcept { return frame_.bytes(); }
  /// False for text that is not UTF-8.
  [[nodiscard]] bool sendable() const noexcept { return sendable_; }
  /// For connections without context takeover. Created on first use, from any thread.
  [[nodiscard]] const compressed_frame& compressed(const deflate_engine& engine, int window_bits) const;

 private:
  message_kind kind_;
  bool sendable_;
  std::size_t header_size_ = 0;
  buffer frame_;
  mutable std::mutex mutex_;
  mutable std::list<compressed_frame> compressed_;
};

}  // namespace detail

/// Copies share the bytes. Any number of threads may send it at once. A server frames the message and validates its
/// text once for all connections; a client masks each message anew (RFC 6455 section 5.3). Without context takeover
/// (RFC 7692 section 7.1.1) the message is compressed once for all connections with the same window size and level.
class prepared_message {
 public:
  explicit prepared_message(std::string_view text);
  explicit prepared_message(std::u8string_view utf8) : prepared_message(detail::as_chars(utf8)) {}
  prepared_message(message_kind kind, std::span<const std::byte> bytes);
  prepared_message(message_kind kind, std::span<const unsigned char> bytes)
      : prepared_message(kind, std::as_bytes(bytes)) {}
  explicit prepared_message(const message& m) : prepared_message(m.kind(), m.bytes()) {}
  /// For internal use.
  explicit prepared_message(std::shared_ptr<const detail::prepared_frames> frames) noexcept
      : frames_(std::move(frames)) {}

  [[nodiscard]] message_kind kind() const noexcept { return frames_->kind(); }  ///< Text or binary.
  /// The bytes; valid while this object or a copy of it lives.
  [[nodiscard]] std::span<const std::byte> bytes() const& noexcept TWINSOCKET_LIFETIMEBOUND {
    return frames_->payload();
  }
  std::span<const std::byte> bytes() const&& = delete;

  /// For internal use.
  [[nodiscard]] const std::shared_ptr<const detail::prepared_frames>& frames() const noexcept TWINSOCKET_LIFETIMEBOUND {
    return frames_;
  }

 private:
  std::shared_ptr<const detail::prepared_frames> frames_;
};

}  // namespace twinsocket
