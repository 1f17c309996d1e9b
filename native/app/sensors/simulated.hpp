#pragma once

#include "sensors/source.hpp"

namespace twinsocket::app {

/// Made-up readings of a chip named "simulated": waves of 60 reads, so smooth that they look real in a chart, and
/// different at every read.
[[nodiscard]] result<std::unique_ptr<sensor_source>> make_simulated_source();

}  // namespace twinsocket::app
