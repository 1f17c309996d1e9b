#pragma once

// Parses intervals with units, such as 500ms.

#include <chrono>
#include <string_view>

#include "twinsocket/error.hpp"

namespace twinsocket::app {

inline constexpr std::chrono::milliseconds min_interval{10};
inline constexpr std::chrono::milliseconds max_interval{3'600'000};

/// Parses a number with the unit ms, s, m or h, without a blank between: "500ms", "2s", "1.5m". Range: 10ms to 1h. Fractions
/// of a millisecond are dropped. Anything else is errc::invalid_argument; the detail names the text and the allowed forms.
[[nodiscard]] result<std::chrono::milliseconds> parse_interval(std::string_view text);

}  // namespace twinsocket::app
