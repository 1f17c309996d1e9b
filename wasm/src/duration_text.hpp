#pragma once

#include <algorithm>
#include <chrono>
#include <limits>
#include <string>

namespace twinsocket::detail {

/// A timeout for an error text, such as "50 ms". A timeout that has expired fits into 32 bits, and their conversion is much
/// smaller than that of 64 bits.
[[nodiscard]] inline std::string to_text(std::chrono::milliseconds time) {
  constexpr std::chrono::milliseconds most{std::numeric_limits<int>::max()};
  return std::to_string(static_cast<int>(std::min(time, most).count())) + " ms";
}

}  // namespace twinsocket::detail
