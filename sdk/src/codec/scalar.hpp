#pragma once

// Single values of a described type: reading and storing them by their shape, and the text that XML and numbers in JSON
// strings have for them.

#include <cstdint>
#include <string>
#include <string_view>

#include "twinsocket/detail/shape.hpp"

namespace twinsocket::detail {

/// Casts to what the kind says that the shape is.
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
/// False when the integer is out of the range of the type.
[[nodiscard]] bool store_integer(shape_kind kind, integer from, void* value) noexcept;
void store_bool(shape_kind kind, bool from, void* value) noexcept;
/// The text of an integer, in `room`, of which it takes at most 20 characters.
[[nodiscard]] std::string_view write_integer(char* room, integer value) noexcept;
[[nodiscard]] std::string text_of(integer value);

/// The name of an enumerator, or nothing when the value has none.
[[nodiscard]] std::string_view load_name(const enumeration_shape& type, const void* value) noexcept;
[[nodiscard]] bool store_name(const enumeration_shape& type, std::string_view name, void* value) noexcept;

/// Why a value of an enum that has no name is refused.
[[nodiscard]] std::string unnamed(const enumeration_shape& type, const void* value);

/// What a document should have had for this type: "a string", "an integer from 0 to 255".
[[nodiscard]] std::string expectation(const shape& type);

/// The names of what a variant can hold, with commas.
[[nodiscard]] std::string names_of(const variant_shape& type);

/// False, 0, "", without elements or without a value.
[[nodiscard]] bool is_empty(const shape& type, const void* value) noexcept;

/// Reads a bool or a number as JSON writes it. False when it is not one, or is out of the range of the type.
[[nodiscard]] bool read_plain(const shape& type, std::string_view text, void* value) noexcept;
/// Reads a bool or a number as Go's encoding/xml does: space around it is passed over, no text at all is zero, and
/// there are more words for bools and for what is not a number.
[[nodiscard]] bool read_leniently(const shape& type, std::string_view text, void* value) noexcept;

}  // namespace twinsocket::detail
