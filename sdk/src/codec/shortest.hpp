#pragma once

// The shortest decimal that parses to the same floating-point number. The digits are the same on every target, so
// documents are identical byte for byte wherever they are written.

#include <array>

namespace twinsocket::detail {

/// 0.d1d2d3... times ten to the power of `point`. Zero is the digit 0 with point 1.
struct decimal {
  std::array<char, 17> digits;
  int size;
  int point;
};

/// The digits of a finite number, without its sign: the fewest that distinguish it from its neighbours, and of those the
/// closest.
[[nodiscard]] decimal shortest(double value) noexcept;
[[nodiscard]] decimal shortest(float value) noexcept;

/// The same in exact arithmetic, for standard libraries without std::to_chars for floating-point numbers.
[[nodiscard]] decimal shortest_exactly(double value) noexcept;
[[nodiscard]] decimal shortest_exactly(float value) noexcept;

}  // namespace twinsocket::detail
