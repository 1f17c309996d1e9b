#include "sensors/interval.hpp"

#include <optional>
#include <string>

#include "sensors/decimal.hpp"

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
  const auto number = read_decimal(text, exponents::ignored);
  if (!number) return refusal(text);
  const auto unit = milliseconds_in(number->rest);
  if (!unit) return refusal(text);
  // Compared as double before the conversion, because larger values do not fit an integer.
  const double milliseconds = number->value * *unit;
  if (milliseconds < static_cast<double>(min_interval.count()) ||
      milliseconds > static_cast<double>(max_interval.count()))
    return refusal(text);
  return std::chrono::milliseconds(static_cast<std::int64_t>(milliseconds));
}

}  // namespace twinsocket::app
