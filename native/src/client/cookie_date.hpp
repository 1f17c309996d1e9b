#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace twinsocket::detail {

/// The time that a cookie's Expires names, in whatever of the many forms that are about (RFC 6265 section 5.1.1).
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> parse_cookie_date(std::string_view text);

}  // namespace twinsocket::detail
