#pragma once

// Formats and parses floating-point numbers, independent of the locale.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace twinsocket::detail {

/// The buffer size for any number that is written here.
inline constexpr std::size_t number_room = 32;

/// Formats a finite number like JSON.stringify and Go's encoding/json: 0.1, 100, 1e+21, 1e-7. Returns the text, in
/// `room`.
[[nodiscard]] std::string_view write_json_number(char* room, double value) noexcept;
[[nodiscard]] std::string_view write_json_number(char* room, float value) noexcept;

/// Formats a number like Go's encoding/xml: 0.1, 100, 1e+06, 1e-05, NaN, +Inf, -Inf. Returns the text, in `room`.
[[nodiscard]] std::string_view write_xml_number(char* room, double value) noexcept;
[[nodiscard]] std::string_view write_xml_number(char* room, float value) noexcept;

/// Parses a decimal number. With `words` also NaN, Inf and Infinity, ignoring case. False if the text is anything else,
/// or the number is too large for the type.
[[nodiscard]] bool read_number(std::string_view text, bool words, double& value) noexcept;
[[nodiscard]] bool read_number(std::string_view text, bool words, float& value) noexcept;

/// A parsed decimal number that is not converted yet.
struct number_parts {
  std::string_view text;     ///< The whole number.
  std::uint64_t digits = 0;  ///< The digits without the point, to be multiplied by ten to the power of `exponent`.
  int exponent = 0;
  bool is_negative = false;
  bool is_whole = false;  ///< No point and no exponent.
  bool is_exact = false;  ///< False: there are more digits than `digits` can hold.
};

/// Parses a number by the grammar of JSON (RFC 8259 section 6) from `at` on. False if there is none; `at` is then where a
/// digit was expected.
[[nodiscard]] bool parse_json_number(const char*& at, const char* end, number_parts& parts) noexcept;
/// True for a number by that grammar.
[[nodiscard]] bool is_json_number(std::string_view text) noexcept;

/// Rounds to the nearest value. False if the number is too large for the type.
[[nodiscard]] bool convert(const number_parts& from, double& value) noexcept;
[[nodiscard]] bool convert(const number_parts& from, float& value) noexcept;

}  // namespace twinsocket::detail
