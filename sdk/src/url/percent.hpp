#pragma once

// Percent-encoding (WHATWG URL section 1.3).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace twinsocket::detail {

/// Which bytes are encoded besides control characters, the space and everything that is not ASCII.
enum class percent_set : std::uint8_t {
  path,   ///< The path percent-encode set: also " # < > ? ^ ` { }
  query,  ///< The special-query percent-encode set: also " # ' < >
};

/// Appends `text`. A % that is there already stays as it is, whatever follows it.
void percent_encode(std::string_view text, percent_set set, std::string& out);

/// A % that is not followed by two hexadecimal digits stands for itself.
[[nodiscard]] std::string percent_decode(std::string_view text);

/// The value of a hexadecimal digit, or nothing.
[[nodiscard]] std::optional<unsigned> hexadecimal(char c) noexcept;

}  // namespace twinsocket::detail
