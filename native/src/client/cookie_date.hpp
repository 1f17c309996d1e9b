#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace twinsocket::detail {

/// Parses the date of a cookie's Expires attribute, in any of the formats in use (RFC 6265 section 5.1.1).
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> parse_cookie_date(std::string_view text);

}  // namespace twinsocket::detail
