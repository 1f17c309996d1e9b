#pragma once

// A complete WebSocket message, which owns its bytes. Not thread-safe; may be moved to another thread.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "twinsocket/detail/buffer.hpp"
#include "twinsocket/detail/lifetime.hpp"

namespace twinsocket {

/// The two kinds of data message (RFC 6455 section 5.6).
enum class message_kind : std::uint8_t {
  text,    ///< UTF-8 text.
  binary,  ///< Bytes with a meaning defined by the application.
};

namespace detail {
struct known_utf8;
}  // namespace detail

/// A message that owns its bytes. Move-only; to copy write `message(m.kind(), m.bytes())`.
class message {
 public:
  /// Makes `(co_await socket.receive())->text()` a compile error: the text would outlive the temporary message.
  using has_borrowed_views = void;

  /// An empty text message.
  message() = default;
  /// A text message. The text should be valid UTF-8: a connection sends no other.
  explicit message(std::string_view text) : message(message_kind::text, detail::text_bytes(text)) {}
  explicit message(std::u8string_view utf8) : message(detail::as_chars(utf8)) {}
  message(message_kind kind, std::span<const std::byte> bytes) : data_(bytes), kind_(kind) {}
  message(message_kind kind, std::span<const unsigned char> bytes) : message(kind, std::as_bytes(bytes)) {}
  message(message_kind kind, detail::buffer data) noexcept : data_(std::move(data)), kind_(kind) {}

  [[nodiscard]] message_kind kind() const noexcept { return kind_; }                   ///< Text if default-constructed.
  [[nodiscard]] bool is_text() const noexcept { return kind_ == message_kind::text; }  ///< False for a binary message.
  [[nodiscard]] std::size_t size() const noexcept { return data_.size(); }             ///< Bytes of the payload.
  [[nodiscard]] bool empty() const noexcept { return data_.empty(); }                  ///< True without payload.
  /// The bytes; valid while the message lives and is not moved from. Name a temporary message first.
  [[nodiscard]] std::span<const std::byte> bytes() const& noexcept TWINSOCKET_LIFETIMEBOUND { return data_.bytes(); }
  std::span<const std::byte> bytes() const&& = delete;
  /// The bytes as characters. A received text message is valid UTF-8.
  [[nodiscard]] std::string_view text() const& noexcept TWINSOCKET_LIFETIMEBOUND {
    return {reinterpret_cast<const char*>(data_.data()), data_.size()};
  }
  std::string_view text() const&& = delete;

 private:
  friend struct detail::known_utf8;

  detail::buffer data_;
  message_kind kind_ = message_kind::text;
  bool known_utf8_ = false;  // It was received: if it is text it was validated.
};

}  // namespace twinsocket
