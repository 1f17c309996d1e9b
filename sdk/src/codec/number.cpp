#include "codec/number.hpp"

#include <array>
#include <cfloat>
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

// d.ddde+x, with a minimum number of digits in the exponent.
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

// Go's format 'g' with the shortest precision: scientific below 1e-4 and from 1e6 on.
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

// Appends the digits from `at` on to `digits`, and returns their end.
const char* take_digits(const char* at, const char* end, std::uint64_t& digits) {
  for (; at != end; ++at) {
    const std::uint64_t digit = std::uint64_t{static_cast<unsigned char>(*at)} - '0';
    if (digit > 9) break;
    digits = digits * 10 + digit;
  }
  return at;
}

// Returns the end of the exponent. There is none if no digit is before it.
const char* take_exponent(const char* at, const char* end, int& exponent) {
  const bool negative = at != end && *at == '-';
  if (negative || (at != end && *at == '+')) ++at;
  int power = 0;
  // Capped: this is far beyond the range of every type.
  for (; at != end && is_digit(*at); ++at)
    if (power < 100'000) power = power * 10 + (*at - '0');
  exponent += negative ? -power : power;
  return at;
}

// [-] digits [. digits] [e [+-] digits]. JSON requires a digit on both sides of the point and permits no leading zero.
// Other formats also permit a leading plus. The position and the digits are local, because the text may alias all else.
template <bool Json>
bool take_number(const char*& position, const char* end, number_parts& parts) {
  const auto missing_digit = [&position](const char* at) {
    position = at;
    return false;
  };
  const char* const start = position;
  const char* at = start;
  const bool is_negative = at != end && *at == '-';
  if (is_negative || (!Json && at != end && *at == '+')) ++at;
  const char* const first = at;
  std::uint64_t digits = 0;
  at = take_digits(at, end, digits);
  std::ptrdiff_t count = at - first;
  if (Json && count > 1 && *first == '0') return missing_digit(first + 1);
  if (Json && !count) return missing_digit(at);
  bool is_whole = true;
  int exponent = 0;
  if (at != end && *at == '.') {
    is_whole = false;
    const char* const fraction = at + 1;
    at = take_digits(fraction, end, digits);
    const std::ptrdiff_t behind = at - fraction;
    if (Json && !behind) return missing_digit(at);
    exponent = behind < 100'000 ? -static_cast<int>(behind) : -100'000;
    count += behind;
  }
  if (!count) return missing_digit(at);
  if (at != end && (*at | 0x20) == 'e') {
    is_whole = false;
    at = take_exponent(at + 1, end, exponent);
    if (!is_digit(at[-1])) return missing_digit(at);
  }
  // 19 digits always fit. 20 digits fit if they begin with a one and did not wrap around.
  const bool is_exact =
      count < 20 || (count == 20 && is_whole && *first == '1' && digits >= 10'000'000'000'000'000'000U);
  parts = {{start, static_cast<std::size_t>(at - start)}, digits, exponent, is_negative, is_whole, is_exact};
  position = at;
  return true;
}

bool same_word(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((text[i] | 0x20) != lower[i]) return false;
  return true;
}

void by_strtod(const char* text, double& value) { value = std::strtod(text, nullptr); }
void by_strtod(const char* text, float& value) { value = std::strtof(text, nullptr); }

// The C library rounds exactly, but expects the decimal point of the locale.
template <class Float>
bool read_by_c_library(std::string_view text, Float& value) {
  std::string copy(text);
  if (const std::size_t point = copy.find('.'); point != copy.npos)
    copy.replace(point, 1, std::localeconv()->decimal_point);
  by_strtod(copy.c_str(), value);
  return std::isfinite(value);
}

// Clinger's fast path: if the digits and the power of ten are exact in the type, a single operation rounds once. Not on
// processors that compute with excess precision.
template <class Float>
bool convert_exactly(const number_parts& from, Float& value) {
  constexpr bool narrow = sizeof(Float) == sizeof(float);
  static constexpr std::array<double, 23> powers{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                                 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  constexpr int most = narrow ? 10 : 22;
  constexpr std::uint64_t largest = std::uint64_t{1} << std::numeric_limits<Float>::digits;
  if (FLT_EVAL_METHOD != 0 || !from.is_exact || from.digits > largest) return false;
  if (from.exponent < -most || from.exponent > most) return false;
  const auto power = static_cast<Float>(powers[static_cast<std::size_t>(std::abs(from.exponent))]);
  value = static_cast<Float>(from.digits);
  value = from.exponent < 0 ? value / power : value * power;
  if (from.is_negative) value = -value;
  return true;
}

template <class Float>
bool to_float(const number_parts& from, Float& value) {
  if (convert_exactly(from, value)) return true;
  std::string_view text = from.text;
  if (text[0] == '+') text.remove_prefix(1);
#if defined(__cpp_lib_to_chars)
  // Out of range may also mean too small. The result is then zero or next to it, which is not an error.
  if (std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc()) return true;
#endif
  return read_by_c_library(text, value);
}

template <class Float>
bool read(std::string_view text, bool words, Float& value) {
  number_parts parts;
  const char* at = text.data();
  const char* const end = at + text.size();
  if (take_number<false>(at, end, parts) && at == end) return to_float(parts, value);
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

}  // namespace

std::string_view write_json_number(char* room, double value) noexcept { return written(room, write_json(room, value)); }
std::string_view write_json_number(char* room, float value) noexcept { return written(room, write_json(room, value)); }
std::string_view write_xml_number(char* room, double value) noexcept { return written(room, write_xml(room, value)); }
std::string_view write_xml_number(char* room, float value) noexcept { return written(room, write_xml(room, value)); }
bool read_number(std::string_view text, bool words, double& value) noexcept { return read(text, words, value); }
bool read_number(std::string_view text, bool words, float& value) noexcept { return read(text, words, value); }

bool convert(const number_parts& from, double& value) noexcept { return to_float(from, value); }
bool convert(const number_parts& from, float& value) noexcept { return to_float(from, value); }

bool parse_json_number(const char*& at, const char* end, number_parts& parts) noexcept {
  return take_number<true>(at, end, parts);
}

bool is_json_number(std::string_view text) noexcept {
  number_parts parts;
  const char* at = text.data();
  return take_number<true>(at, at + text.size(), parts) && at == text.data() + text.size();
}

}  // namespace twinsocket::detail
