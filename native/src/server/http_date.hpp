#pragma once

// Formats and parses HTTP dates (RFC 9110 section 5.6.7), independent of the locale.

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace twinsocket::detail {

/// "Sun, 06 Nov 1994 08:49:37 GMT".
[[nodiscard]] std::string http_date(std::time_t time);

/// Parses that format, and the two obsolete ones. Empty for any other text.
[[nodiscard]] std::optional<std::time_t> parse_http_date(std::string_view text);

}  // namespace twinsocket::detail
