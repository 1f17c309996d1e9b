#include "http/date.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace twinsocket::detail {

namespace {

constexpr std::array<std::string_view, 7> day_names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

// Parses a text that is a number as a whole, else -1.
int number(std::string_view text) {
  int value = -1;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc() && end == text.data() + text.size() ? value : -1;
}

// The texts of a date.
struct date_fields {
  std::string_view year;
  std::string_view month;
  std::string_view day;
  std::string_view clock;  // "08:49:37"
};

std::optional<std::time_t> time_of(const date_fields& fields) {
  const auto month = std::find(month_names.begin(), month_names.end(), fields.month);
  if (month == month_names.end() || fields.clock[2] != ':' || fields.clock[5] != ':') return {};
  const auto time = to_sys_seconds({.year = number(fields.year),
                                    .month = static_cast<int>(month - month_names.begin()) + 1,
                                    .day = number(fields.day),
                                    .hour = number(fields.clock.substr(0, 2)),
                                    .minute = number(fields.clock.substr(3, 2)),
                                    .second = number(fields.clock.substr(6, 2))});
  if (!time) return {};
  return time->time_since_epoch().count();
}

int this_year() {
  namespace chrono = std::chrono;
  return static_cast<int>(chrono::year_month_day(chrono::floor<chrono::days>(chrono::system_clock::now())).year());
}

}  // namespace

std::optional<std::chrono::sys_seconds> to_sys_seconds(const date_time& parts) {
  namespace chrono = std::chrono;
  const chrono::year_month_day date(chrono::year(parts.year), chrono::month(static_cast<unsigned>(parts.month)),
                                    chrono::day(static_cast<unsigned>(parts.day)));
  const auto is_in = [](int value, int most) { return value >= 0 && value <= most; };
  if (parts.year < 0 || !date.ok() || !is_in(parts.hour, 23) || !is_in(parts.minute, 59) || !is_in(parts.second, 60))
    return {};
  return chrono::sys_days(date) + chrono::hours(parts.hour) + chrono::minutes(parts.minute) +
         chrono::seconds(parts.second);
}

std::string http_date(std::time_t time) {
  namespace chrono = std::chrono;
  const auto second = chrono::sys_seconds(chrono::seconds(time));
  const auto day = chrono::floor<chrono::days>(second);
  const chrono::year_month_day date(day);
  const chrono::hh_mm_ss clock(second - day);
  std::array<char, 64> text;
  const int size = std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                                 day_names[chrono::weekday(day).c_encoding()].data(), static_cast<unsigned>(date.day()),
                                 month_names[static_cast<unsigned>(date.month()) - 1].data(),
                                 static_cast<int>(date.year()), static_cast<int>(clock.hours().count()),
                                 static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

std::optional<std::time_t> parse_http_date(std::string_view text) {
  if (text.size() == 29 && text.substr(3, 2) == ", " && text.ends_with(" GMT"))
    return time_of({text.substr(12, 4), text.substr(8, 3), text.substr(5, 2), text.substr(17, 8)});
  // "Sun Nov  6 08:49:37 1994"
  if (text.size() == 24 && text[3] == ' ')
    return time_of({text.substr(20, 4), text.substr(4, 3), text.substr(text[8] == ' ' ? 9 : 8, text[8] == ' ' ? 1 : 2),
                    text.substr(11, 8)});
  // "Sunday, 06-Nov-94 08:49:37 GMT"
  const std::size_t comma = text.find(", ");
  if (comma == std::string_view::npos || text.size() != comma + 24 || !text.ends_with(" GMT")) return {};
  text.remove_prefix(comma + 2);
  const std::string_view year = text.substr(7, 2);
  // A two-digit year that is more than 50 years in the future belongs to the previous century.
  const bool last_century = number(year) > (this_year() + 50) % 100;
  const int century = (this_year() + 50) / 100 * 100 - (last_century ? 100 : 0);
  return time_of({std::to_string(century + number(year)), text.substr(3, 3), text.substr(0, 2), text.substr(10, 8)});
}

}  // namespace twinsocket::detail
