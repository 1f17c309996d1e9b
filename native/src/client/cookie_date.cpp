#include "client/cookie_date.hpp"

#include "http/date.hpp"
#include "http/text.hpp"

namespace twinsocket::detail {

namespace {

bool is_delimiter(char c) {
  const auto u = static_cast<unsigned char>(c);
  return u == 0x09 || (u >= 0x20 && u <= 0x2f) || (u >= 0x3b && u <= 0x40) || (u >= 0x5b && u <= 0x60) ||
         (u >= 0x7b && u <= 0x7e);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Removes a number of `least` to `most` digits from the front of the text.
std::optional<int> take_number(std::string_view& text, std::size_t least, std::size_t most) {
  std::size_t size = 0;
  int value = 0;
  while (size < text.size() && size < most && is_digit(text[size])) value = value * 10 + (text[size++] - '0');
  if (size < least || (size < text.size() && is_digit(text[size]))) return {};
  text.remove_prefix(size);
  return value;
}

struct clock_time {
  int hour = 0;
  int minute = 0;
  int second = 0;
};

std::optional<clock_time> parse_time(std::string_view token) {
  clock_time found;
  int* const parts[] = {&found.hour, &found.minute, &found.second};
  for (int i = 0; i < 3; ++i) {
    const auto value = take_number(token, 1, 2);
    if (!value) return {};
    *parts[i] = *value;
    if (i == 2) break;
    if (!token.starts_with(':')) return {};
    token.remove_prefix(1);
  }
  return found;
}

std::optional<int> parse_month(std::string_view token) {
  for (std::size_t i = 0; i < month_names.size(); ++i)
    if (iequals(token.substr(0, 3), month_names[i])) return static_cast<int>(i) + 1;
  return {};
}

}  // namespace

std::optional<std::chrono::system_clock::time_point> parse_cookie_date(std::string_view text) {
  std::optional<clock_time> time;
  std::optional<int> day;
  std::optional<int> month;
  std::optional<int> year;
  for (std::size_t at = 0; at < text.size();) {
    if (is_delimiter(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && !is_delimiter(text[end])) ++end;
    const std::string_view token = text.substr(at, end - at);
    at = end;
    std::string_view rest = token;
    if (!time && (time = parse_time(token))) continue;
    if (!day && (day = take_number(rest, 1, 2))) continue;
    if (!month && (month = parse_month(token))) continue;
    rest = token;
    if (!year) year = take_number(rest, 2, 4);
  }
  if (!time || !day || !month || !year) return {};
  if (*year >= 70 && *year <= 99) *year += 1900;
  if (*year <= 69) *year += 2000;
  if (*year < 1601 || time->second > 59) return {};
  const auto seconds = to_sys_seconds({.year = *year,
                                       .month = *month,
                                       .day = *day,
                                       .hour = time->hour,
                                       .minute = time->minute,
                                       .second = time->second});
  if (!seconds) return {};
  // Avoids overflow: the clock cannot represent times that are far away.
  if (*year > 2200) return std::chrono::system_clock::time_point::max();
  return *seconds;
}

}  // namespace twinsocket::detail
