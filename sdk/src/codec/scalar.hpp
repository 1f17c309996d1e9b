#pragma once

// Scalar values of a described type: loading and storing them by their shape, and their text in XML and in JSON strings.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "twinsocket/detail/shape.hpp"

namespace twinsocket::detail {

/// Casts a shape to the class that its kind stands for.
template <class Shape>
[[nodiscard]] const Shape& as(const shape& type) noexcept {
  return static_cast<const Shape&>(type);
}

[[nodiscard]] constexpr bool is_signed(shape_kind kind) noexcept {
  return kind >= shape_kind::int8 && kind <= shape_kind::int64;
}
[[nodiscard]] constexpr bool is_integer(shape_kind kind) noexcept {
  return kind >= shape_kind::int8 && kind <= shape_kind::uint64;
}

/// An integer of any width and sign.
struct integer {
  bool negative = false;
  std::uint64_t magnitude = 0;
};

[[nodiscard]] integer load_integer(shape_kind kind, const void* value) noexcept;
/// False if the integer is out of the range of the type.
[[nodiscard]] bool store_integer(shape_kind kind, integer from, void* value) noexcept;
void store_bool(shape_kind kind, bool from, void* value) noexcept;
/// The buffer size for any integer: a sign and 20 digits.
inline constexpr std::size_t integer_room = 21;
/// Formats an integer. Returns the text, in `room`, which needs integer_room characters.
[[nodiscard]] std::string_view write_integer(char* room, integer value) noexcept;
[[nodiscard]] std::string text_of(integer value);

/// The name of an enumerator. Empty if the value has none.
[[nodiscard]] std::string_view load_name(const enumeration_shape& type, const void* value) noexcept;
[[nodiscard]] bool store_name(const enumeration_shape& type, std::string_view name, void* value) noexcept;

/// The reason for rejecting an enum value without a name.
[[nodiscard]] std::string unnamed_enumerator_error(const enumeration_shape& type, const void* value);

/// What a document must contain for this type: "a string", "an integer from 0 to 255".
[[nodiscard]] std::string describe_expected(const shape& type);

/// The names of the alternatives of a variant, separated by commas.
[[nodiscard]] std::string alternative_names(const variant_shape& type);

/// The key of a value in a map. A linear search, used for error messages only.
[[nodiscard]] std::string key_of(const map_shape& type, const void* map, const void* wanted);

/// True for false, 0, "", an empty container or an empty optional.
[[nodiscard]] bool is_empty(const shape& type, const void* value) noexcept;

/// Parses a bool or number in JSON's notation. False if it is invalid, or out of the range of the type.
[[nodiscard]] bool read_plain(const shape& type, std::string_view text, void* value) noexcept;
/// Parses a bool or number like Go's encoding/xml: surrounding space is ignored, an empty text is zero, and further words
/// stand for booleans and non-finite numbers.
[[nodiscard]] bool read_leniently(const shape& type, std::string_view text, void* value) noexcept;

}  // namespace twinsocket::detail
