#include "codec/number.hpp"

#include <charconv>
#include <clocale>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string>

#include "codec/shortest.hpp"

namespace twinsocket::detail {

namespace {

char* put(char* out, std::string_view text) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

// ddd, ddd000, dd.ddd or 0.000ddd.
char* write_plain(char* out, const decimal& number) {
  const std::string_view digits(number.digits.data(), static_cast<std::size_t>(number.size));
  if (number.point <= 0) {
    out = put(out, "0.");
    for (int i = number.point; i < 0; ++i) *out++ = '0';
    return put(out, digits);
  }
  if (number.point >= number.size) {
    out = put(out, digits);
    for (int i = number.size; i < number.point; ++i) *out++ = '0';
    return out;
  }
  const auto point = static_cast<std::size_t>(number.point);
  out = put(out, digits.substr(0, point));
  *out++ = '.';
  return put(out, digits.substr(point));
}

// d.ddde+x, with at least so many digits in the exponent.
char* write_scientific(char* out, const decimal& number, int least_digits) {
  *out++ = number.digits[0];
  if (number.size > 1) {
    *out++ = '.';
    out = put(out, {number.digits.data() + 1, static_cast<std::size_t>(number.size - 1)});
  }
  int exponent = number.point - 1;
  *out++ = 'e';
  *out++ = exponent < 0 ? '-' : '+';
  exponent = std::abs(exponent);
  if (exponent < 10 && least_digits > 1) *out++ = '0';
  return std::to_chars(out, out + 4, exponent).ptr;
}

template <class Float>
char* write_json(char* out, Float value) {
  if (std::signbit(value)) *out++ = '-';
  const decimal number = shortest(value);
  return number.point > -6 && number.point <= 21 ? write_plain(out, number) : write_scientific(out, number, 1);
}

// Go's format 'g' for the shortest text: scientific below 1e-4 and from 1e6.
template <class Float>
char* write_xml(char* out, Float value) {
  if (std::isnan(value)) return put(out, "NaN");
  if (std::isinf(value)) return put(out, value > 0 ? "+Inf" : "-Inf");
  if (std::signbit(value)) *out++ = '-';
  const decimal number = shortest(value);
  return number.point > -4 && number.point <= 6 ? write_plain(out, number) : write_scientific(out, number, 2);
}

std::string_view written(const char* first, const char* last) {
  return {first, static_cast<std::size_t>(last - first)};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// [+-] digits [. digits] [e [+-] digits], with a digit before or behind the point.
bool is_decimal(std::string_view text) {
  std::size_t at = !text.empty() && (text[0] == '+' || text[0] == '-');
  std::size_t digits = 0;
  for (; at < text.size() && is_digit(text[at]); ++at) ++digits;
  if (at < text.size() && text[at] == '.')
    for (++at; at < text.size() && is_digit(text[at]); ++at) ++digits;
  if (!digits) return false;
  if (at == text.size()) return true;
  if (text[at] != 'e' && text[at] != 'E') return false;
  if (++at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  digits = 0;
  for (; at < text.size() && is_digit(text[at]); ++at) ++digits;
  return digits && at == text.size();
}

bool same_word(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((text[i] | 0x20) != lower[i]) return false;
  return true;
}

void by_strtod(const char* text, double& value) { value = std::strtod(text, nullptr); }
void by_strtod(const char* text, float& value) { value = std::strtof(text, nullptr); }

// The C library rounds exactly, but takes the decimal point of the locale.
template <class Float>
bool read_by_c_library(std::string_view text, Float& value) {
  std::string copy(text);
  if (const std::size_t point = copy.find('.'); point != copy.npos)
    copy.replace(point, 1, std::localeconv()->decimal_point);
  by_strtod(copy.c_str(), value);
  return std::isfinite(value);
}

template <class Float>
bool read(std::string_view text, bool words, Float& value) {
  if (!is_decimal(text)) {
    if (!words || text.empty()) return false;
    const bool negative = text[0] == '-';
    const std::string_view word = text.substr(negative || text[0] == '+');
    if (same_word(word, "inf") || same_word(word, "infinity")) {
      value = negative ? -std::numeric_limits<Float>::infinity() : std::numeric_limits<Float>::infinity();
      return true;
    }
    value = std::numeric_limits<Float>::quiet_NaN();
    return same_word(text, "nan");
  }
  if (text[0] == '+') text.remove_prefix(1);
#if defined(__cpp_lib_to_chars)
  // Out of range may also be a number too small, which is zero or next to it and no error.
  if (std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc()) return true;
#endif
  return read_by_c_library(text, value);
}

}  // namespace

std::string_view write_json_number(char* room, double value) noexcept { return written(room, write_json(room, value)); }
std::string_view write_json_number(char* room, float value) noexcept { return written(room, write_json(room, value)); }
std::string_view write_xml_number(char* room, double value) noexcept { return written(room, write_xml(room, value)); }
std::string_view write_xml_number(char* room, float value) noexcept { return written(room, write_xml(room, value)); }
bool read_number(std::string_view text, bool words, double& value) noexcept { return read(text, words, value); }
bool read_number(std::string_view text, bool words, float& value) noexcept { return read(text, words, value); }

bool is_json_number(std::string_view text) noexcept {
  const std::size_t first = text.starts_with('-');
  const std::size_t point = text.find('.');
  return is_decimal(text) && is_digit(text[first]) &&
         !(text[first] == '0' && text.size() > first + 1 && is_digit(text[first + 1])) &&
         (point == text.npos || (point + 1 < text.size() && is_digit(text[point + 1])));
}

}  // namespace twinsocket::detail
