#pragma once

namespace twinsocket::detail {

/// The lower-case form of a letter of ASCII; any other character unchanged.
[[nodiscard]] constexpr char ascii_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace twinsocket::detail
