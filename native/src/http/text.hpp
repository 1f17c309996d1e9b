#pragma once

// ASCII case and lists in HTTP text (RFC 9110 section 5.6). Tokens are in protocol/handshake.hpp of the SDK.

#include <algorithm>
#include <string_view>

namespace twinsocket::detail {

[[nodiscard]] constexpr char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Whether two texts are equal ignoring ASCII case, as header names, schemes and hosts are compared.
[[nodiscard]] constexpr bool iequals(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return to_lower(x) == to_lower(y); });
}

/// The text without leading and trailing spaces and tabs.
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Removes the first element and its separator from a list. Returns the element, trimmed.
[[nodiscard]] constexpr std::string_view next_element(std::string_view& list, char separator) noexcept {
  const std::size_t end = list.find(separator);
  const std::string_view element = trimmed(list.substr(0, end));
  list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
  return element;
}

}  // namespace twinsocket::detail
