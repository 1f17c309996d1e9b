#pragma once

// What an element or attribute of XML stands for in a described struct.

#include <cstddef>
#include <string>
#include <string_view>

#include "twinsocket/detail/shape.hpp"

namespace twinsocket::detail {

/// In the place of the index of a member or an element.
inline constexpr auto no_index = static_cast<std::size_t>(-1);

/// The member whose path goes through an element in the elements `around`, of the form a>b>; or no_index. Tried first
/// is `last`, the one that was found before, and then the one behind it.
[[nodiscard]] std::size_t find_element(const record_shape& type, std::string_view around, std::string_view name,
                                       std::size_t last) noexcept;
[[nodiscard]] std::size_t find_attribute(const record_shape& type, std::string_view name) noexcept;

/// What a member holds, seen through optionals; they get a new value where `anew` says so.
[[nodiscard]] const shape& held_in(const shape& type, void*& value, bool anew);

/// True when there are values of the type that are written as no element at all.
[[nodiscard]] bool can_be_absent(const shape& type) noexcept;

/// Reads the text of an element or the value of an attribute into a value that is no struct, list, map or variant.
/// False when it does not fit, for this `reason`.
[[nodiscard]] bool read_text(const shape& type, std::string_view text, void* value, std::string& reason);

}  // namespace twinsocket::detail
