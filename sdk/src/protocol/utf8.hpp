#pragma once

// UTF-8 (RFC 3629), checked while it arrives: RFC 6455 section 8.1 asks for it, and a peer should hear of the first bad
// byte at once, not at the end of a large message.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace twinsocket::detail {

/// Checks one text after another, each in pieces cut anywhere.
class utf8_validator {
 public:
  /// Takes the next piece. False when some byte of it cannot be part of valid UTF-8 there: overlong forms, surrogates
  /// and values above U+10FFFF fail with the byte that makes them so. Once false, it stays false until reset().
  [[nodiscard]] bool feed(std::span<const std::byte> bytes) noexcept;
  /// True when the text may end here: not within a character, and nothing was refused.
  [[nodiscard]] bool complete() const noexcept { return state_ == 0; }
  /// Makes it ready for the next text.
  void reset() noexcept { state_ = 0; }

 private:
  std::uint64_t state_ = 0;
};

/// Checks a text that is there as a whole.
[[nodiscard]] bool is_valid_utf8(std::span<const std::byte> bytes) noexcept;
[[nodiscard]] inline bool is_valid_utf8(std::string_view text) noexcept {
  return is_valid_utf8(std::as_bytes(std::span(text.data(), text.size())));
}

}  // namespace twinsocket::detail
