#include "sensors/interval.hpp"

#include <charconv>
#include <optional>
#include <string>

namespace twinsocket::app {

namespace {

std::optional<double> milliseconds_in(std::string_view unit) {
  if (unit == "ms") return 1;
  if (unit == "s") return 1'000;
  if (unit == "m") return 60'000;
  if (unit == "h") return 3'600'000;
  return std::nullopt;
}

error refusal(std::string_view text) {
  return {errc::invalid_argument, "\"" + std::string(text) +
                                      "\" is not an interval; write a number and a unit, such as 500ms, 2s or 1m, from "
                                      "10ms to 1h"};
}

}  // namespace

result<std::chrono::milliseconds> parse_interval(std::string_view text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (failure != std::errc()) return refusal(text);
  const auto unit = milliseconds_in({rest, static_cast<std::size_t>(end - rest)});
  if (!unit) return refusal(text);
  // Compared as double before the conversion, because larger values, infinity and NaN do not fit an integer.
  const double milliseconds = number * *unit;
  if (!(milliseconds >= static_cast<double>(min_interval.count())) ||
      !(milliseconds <= static_cast<double>(max_interval.count())))
    return refusal(text);
  return std::chrono::milliseconds(static_cast<std::int64_t>(milliseconds));
}

}  // namespace twinsocket::app
