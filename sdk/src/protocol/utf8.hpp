#pragma once

// Incremental validation of UTF-8 (RFC 3629), as RFC 6455 section 8.1 requires. It is incremental so that the first
// invalid byte fails the connection at once, not at the end of a large message.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace twinsocket::detail {

/// Validates one text after another, each in arbitrary pieces.
class utf8_validator {
 public:
  /// Validates the next piece. False once a byte cannot be part of valid UTF-8: overlong forms, surrogates and values
  /// above U+10FFFF fail at the byte that makes them invalid. Then false until reset().
  [[nodiscard]] bool feed(std::span<const std::byte> bytes) noexcept;
  /// True if the text may end here: at a character boundary, with no invalid byte.
  [[nodiscard]] bool complete() const noexcept { return state_ == 0; }
  /// Starts the next text.
  void reset() noexcept { state_ = 0; }

 private:
  std::uint8_t state_ = 0;
};

/// Validates a whole text.
[[nodiscard]] bool is_valid_utf8(std::span<const std::byte> bytes) noexcept;
[[nodiscard]] inline bool is_valid_utf8(std::string_view text) noexcept {
  return is_valid_utf8(std::as_bytes(std::span(text.data(), text.size())));
}

}  // namespace twinsocket::detail
