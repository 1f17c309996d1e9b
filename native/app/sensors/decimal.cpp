#include "sensors/decimal.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>

namespace twinsocket::app {

namespace {

std::size_t digits_from(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of("0123456789", at), text.size()) - std::min(at, text.size());
}

}  // namespace

// Not std::from_chars(), which reads no floating-point numbers in libc++ before 20. strtod() also accepts words, spaces and
// hexadecimal digits, so it is given only what is a number. This program leaves its decimal point alone (LC_NUMERIC).
std::optional<decimal> read_decimal(std::string_view text, exponents how) {
  std::size_t end = text.starts_with('-') ? 1 : 0;
  std::size_t digits = digits_from(text, end);
  end += digits;
  if (end < text.size() && text[end] == '.') {
    const std::size_t decimals = digits_from(text, end + 1);
    digits += decimals;
    end += 1 + decimals;
  }
  if (digits == 0) return std::nullopt;
  if (how == exponents::read && end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    const bool has_sign = end + 1 < text.size() && (text[end + 1] == '+' || text[end + 1] == '-');
    const std::size_t first = end + (has_sign ? 2 : 1);
    if (const std::size_t count = digits_from(text, first); count != 0) end = first + count;
  }
  const double value = std::strtod(std::string(text.substr(0, end)).c_str(), nullptr);
  if (!std::isfinite(value)) return std::nullopt;
  return decimal{value, text.substr(end)};
}

}  // namespace twinsocket::app
