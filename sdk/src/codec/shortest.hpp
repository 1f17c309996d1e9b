#pragma once

// The shortest decimal that reads back as the same floating-point number. The same digits on every target, so that a
// document has the same bytes wherever it was written.

#include <array>

namespace twinsocket::detail {

/// 0.d1d2d3... times ten to the power of `point`. Zero has one digit 0 and point 1.
struct decimal {
  std::array<char, 17> digits;
  int size;
  int point;
};

/// The digits of a finite number, without its sign: as few as tell it from its neighbours, and of those the closest.
[[nodiscard]] decimal shortest(double value) noexcept;
[[nodiscard]] decimal shortest(float value) noexcept;

/// The same by exact arithmetic alone, for standard libraries that lack std::to_chars of floating-point numbers.
[[nodiscard]] decimal shortest_exactly(double value) noexcept;
[[nodiscard]] decimal shortest_exactly(float value) noexcept;

}  // namespace twinsocket::detail
