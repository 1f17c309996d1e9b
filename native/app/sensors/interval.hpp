#pragma once

// How often the sensors are read, as people write it.

#include <chrono>
#include <string_view>

#include "twinsocket/error.hpp"

namespace twinsocket::app {

inline constexpr std::chrono::milliseconds shortest_interval{10};
inline constexpr std::chrono::milliseconds longest_interval{3'600'000};

/// A number with a unit, ms, s, m or h, and no blank between: "500ms", "2s", "1.5m". From 10ms to 1h; what is less than
/// a millisecond is cut off. Anything else is errc::invalid_argument, naming the text and what is allowed.
[[nodiscard]] result<std::chrono::milliseconds> parse_interval(std::string_view text);

}  // namespace twinsocket::app
