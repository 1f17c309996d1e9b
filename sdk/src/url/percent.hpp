#pragma once

// Percent-encoding (WHATWG URL section 1.3).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace twinsocket::detail {

/// The bytes that are encoded in addition to control characters, the space and all non-ASCII bytes.
enum class percent_set : std::uint8_t {
  path,   ///< The path percent-encode set: also " # < > ? ^ ` { }
  query,  ///< The special-query percent-encode set: also " # ' < >
};

/// Appends the encoded text. An existing "%" is kept as it is, whatever follows it.
void percent_encode(std::string_view text, percent_set set, std::string& out);

/// A "%" that is not followed by two hexadecimal digits is kept as it is.
[[nodiscard]] std::string percent_decode(std::string_view text);

/// The value of a hexadecimal digit, or nothing.
[[nodiscard]] std::optional<unsigned> hexadecimal(char c) noexcept;

}  // namespace twinsocket::detail
