#pragma once

// Sizes in bytes, as people write them.

#include <cstddef>
#include <string_view>

#include "twinsocket/error.hpp"

namespace twinsocket::app {

inline constexpr std::size_t largest_size = std::size_t{1} << 40;

/// A whole number of bytes, or of KiB, MiB or GiB with no blank between: "1000", "64MiB". From 1 to 2^40. Anything else is
/// errc::invalid_argument, naming the text and what is allowed.
[[nodiscard]] result<std::size_t> parse_size(std::string_view text);

}  // namespace twinsocket::app
