#include "server/http_date.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace twinsocket::detail {

namespace {

constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// The number that the whole of a text is, or -1.
int number(std::string_view text) {
  int value = -1;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc() && end == text.data() + text.size() ? value : -1;
}

}  // namespace

std::string http_date(std::time_t time) {
  namespace chrono = std::chrono;
  const auto second = chrono::sys_seconds(chrono::seconds(time));
  const auto day = chrono::floor<chrono::days>(second);
  const chrono::year_month_day date(day);
  const chrono::hh_mm_ss clock(second - day);
  std::array<char, 64> text;
  const int size = std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                                 days[chrono::weekday(day).c_encoding()].data(), static_cast<unsigned>(date.day()),
                                 months[static_cast<unsigned>(date.month()) - 1].data(), static_cast<int>(date.year()),
                                 static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                                 static_cast<int>(clock.seconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

std::optional<std::time_t> parse_http_date(std::string_view text) {
  namespace chrono = std::chrono;
  constexpr std::string_view form = "Sun, 06 Nov 1994 08:49:37 GMT";
  if (text.size() != form.size() || text.substr(3, 2) != ", " || !text.ends_with(" GMT")) return {};
  const auto month = std::find(months.begin(), months.end(), text.substr(8, 3));
  const chrono::year_month_day date(chrono::year(number(text.substr(12, 4))),
                                    chrono::month(static_cast<unsigned>(month - months.begin()) + 1),
                                    chrono::day(static_cast<unsigned>(number(text.substr(5, 2)))));
  const int hour = number(text.substr(17, 2));
  const int minute = number(text.substr(20, 2));
  const int second = number(text.substr(23, 2));
  if (month == months.end() || !date.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
      second > 60)
    return {};
  return chrono::sys_seconds(chrono::sys_days(date)).time_since_epoch().count() + hour * 3600 + minute * 60 + second;
}

}  // namespace twinsocket::detail
