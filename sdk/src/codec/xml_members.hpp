#pragma once

// Maps XML elements and attributes to the members of a described struct.

#include <cstddef>
#include <string>
#include <string_view>

#include "twinsocket/detail/shape.hpp"

namespace twinsocket::detail {

/// No member or element.
inline constexpr auto no_index = static_cast<std::size_t>(-1);

/// Finds the member whose path contains the element `name` inside the elements `around`, which has the form a>b>. Returns
/// no_index if there is none. The search starts at `last`, the member found before.
[[nodiscard]] std::size_t find_element(const record_shape& type, std::string_view around, std::string_view name,
                                       std::size_t last) noexcept;
[[nodiscard]] std::size_t find_attribute(const record_shape& type, std::string_view name) noexcept;

/// The value of a member, with optionals resolved. With `anew` they get a new value.
[[nodiscard]] const shape& unwrap_optional(const shape& type, void*& value, bool anew);

/// True if some value of the type is written as no element.
[[nodiscard]] bool can_be_absent(const shape& type) noexcept;

/// Parses the text of an element or attribute into a value that is not a struct, list, map or variant. False if it does
/// not fit; `reason` then says why.
[[nodiscard]] bool read_text(const shape& type, std::string_view text, void* value, std::string& reason);

}  // namespace twinsocket::detail
