#pragma once

#include "sensors/source.hpp"

namespace twinsocket::app {

/// A source of made-up readings of a chip named "simulated": smooth waves with a period of 60 reads, which look real in a
/// chart and differ at every read.
[[nodiscard]] result<std::unique_ptr<sensor_source>> make_simulated_source();

}  // namespace twinsocket::app
