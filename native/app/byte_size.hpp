#pragma once

// Parses sizes with units, such as 64MiB.

#include <cstddef>
#include <string_view>

#include "twinsocket/error.hpp"

namespace twinsocket::app {

inline constexpr std::size_t max_size = std::size_t{1} << 40;

/// Parses a whole number of bytes, KiB, MiB or GiB, without a blank before the unit: "1000", "64MiB". Range: 1 to 2^40
/// bytes. Anything else is errc::invalid_argument; the detail names the text and the allowed forms.
[[nodiscard]] result<std::size_t> parse_size(std::string_view text);

}  // namespace twinsocket::app
