#pragma once

#include <cstdint>
#include <vector>

#include "demo-site/messages.hpp"

namespace twinsocket::app {

/// Made-up readings of a chip named "simulated": smooth waves with a period of 60 reads, which look real in a chart and
/// differ at every read. `read` counts the reads; `time` is that of the readings, in milliseconds since 1970.
[[nodiscard]] std::vector<demo::reading> simulated_readings(unsigned read, std::int64_t time);

}  // namespace twinsocket::app
