#pragma once

// Times as HTTP writes them (RFC 9110 section 5.6.7), whatever the locale.

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace twinsocket::detail {

/// "Sun, 06 Nov 1994 08:49:37 GMT".
[[nodiscard]] std::string http_date(std::time_t time);

/// The time back. Nothing for what is not of that form; the two obsolete forms are taken as no date, which costs a
/// client of the last century no more than an answer in full.
[[nodiscard]] std::optional<std::time_t> parse_http_date(std::string_view text);

}  // namespace twinsocket::detail
