#pragma once

// Floating-point numbers as text, both ways, whatever the locale is.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace twinsocket::detail {

/// Room enough for any number that is written here.
inline constexpr std::size_t number_room = 32;

/// As JSON.stringify and Go's encoding/json write a finite number: 0.1, 100, 1e+21, 1e-7. Returns the text, in `room`.
[[nodiscard]] std::string_view write_json_number(char* room, double value) noexcept;
[[nodiscard]] std::string_view write_json_number(char* room, float value) noexcept;

/// As Go's encoding/xml writes a number: 0.1, 100, 1e+06, 1e-05, NaN, +Inf, -Inf. Returns the text, in `room`.
[[nodiscard]] std::string_view write_xml_number(char* room, double value) noexcept;
[[nodiscard]] std::string_view write_xml_number(char* room, float value) noexcept;

/// Reads a decimal number, or the words NaN, Inf and Infinity in any case where `words` says so. False when the text is
/// anything else, or a number too large for the type.
[[nodiscard]] bool read_number(std::string_view text, bool words, double& value) noexcept;
[[nodiscard]] bool read_number(std::string_view text, bool words, float& value) noexcept;

/// A decimal number that is taken apart and not yet converted.
struct number_parts {
  std::string_view text;     ///< All of it.
  std::uint64_t digits = 0;  ///< Read as if there were no point, to be multiplied with ten to the power of `exponent`.
  int exponent = 0;
  bool is_negative = false;
  bool is_whole = false;  ///< Without a point and an exponent.
  bool is_exact = false;  ///< Else there are more digits than `digits` can hold.
};

/// Takes a number by the grammar of JSON (RFC 8259 section 6) from `at` on. False when it is none; `at` is then what
/// should have been a digit.
[[nodiscard]] bool take_json_number(const char*& at, const char* end, number_parts& taken) noexcept;
/// True for a number by that grammar.
[[nodiscard]] bool is_json_number(std::string_view text) noexcept;

/// The number that is closest. False when it is too large for the type.
[[nodiscard]] bool convert(const number_parts& from, double& value) noexcept;
[[nodiscard]] bool convert(const number_parts& from, float& value) noexcept;

}  // namespace twinsocket::detail
