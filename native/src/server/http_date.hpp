#pragma once

// Times as HTTP writes them (RFC 9110 section 5.6.7), whatever the locale.

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace twinsocket::detail {

/// "Sun, 06 Nov 1994 08:49:37 GMT".
[[nodiscard]] std::string http_date(std::time_t time);

/// The time back, from that form or from one of the two obsolete ones. Nothing for what is neither.
[[nodiscard]] std::optional<std::time_t> parse_http_date(std::string_view text);

}  // namespace twinsocket::detail
