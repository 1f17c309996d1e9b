#pragma once

// HTTP dates (RFC 9110 section 5.6.7), independent of the locale, and what they have in common with the dates of cookies.

#include <array>
#include <chrono>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace twinsocket::detail {

/// "Sun, 06 Nov 1994 08:49:37 GMT".
[[nodiscard]] std::string http_date(std::time_t time);

/// Parses that format, and the two obsolete ones. Empty for any other text.
[[nodiscard]] std::optional<std::time_t> parse_http_date(std::string_view text);

inline constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// A date and a time of day, UTC.
struct date_time {
  int year = 0;
  int month = 0;  ///< From 1.
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
};
/// Empty if there is no such date or time of day. A leap second is the first second of the next minute.
[[nodiscard]] std::optional<std::chrono::sys_seconds> to_sys_seconds(const date_time& parts);

}  // namespace twinsocket::detail
