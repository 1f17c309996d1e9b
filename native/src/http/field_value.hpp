#pragma once

#include <algorithm>
#include <string_view>

namespace twinsocket::detail {

/// False for a value with a control character other than the tab (RFC 9110 section 5.5). A line break would inject another
/// header field.
[[nodiscard]] constexpr bool is_field_value(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7f'; });
}

}  // namespace twinsocket::detail
