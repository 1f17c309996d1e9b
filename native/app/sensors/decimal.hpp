#pragma once

#include <optional>
#include <string_view>

namespace twinsocket::app {

/// A decimal number at the beginning of a text, and what follows it.
struct decimal {
  double value = 0;
  std::string_view rest;
};

enum class exponents : bool { ignored, read };

/// Empty if the text does not begin with a number such as 45, -0.25 or, with exponents::read, 1e3, or if it is too large.
[[nodiscard]] std::optional<decimal> read_decimal(std::string_view text, exponents how);

}  // namespace twinsocket::app
