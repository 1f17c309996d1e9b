#pragma once

// Converts a feature of a libsensors chip to a reading. The values are passed in, so that it can be tested without chips.

#include <sensors/sensors.h>

#include <functional>
#include <optional>
#include <string>

#include "demo-site/messages.hpp"

namespace twinsocket::app {

/// Returns the value of a subfeature of the current feature, or nullopt if the chip lacks it or it cannot be read.
using subfeature_values = std::function<std::optional<double>(sensors_subfeature_type)>;

/// The feature as a reading without chip, label and time. nullopt if it has no value now, if its sensor reports a fault,
/// and for features that are switches, not sensors.
[[nodiscard]] std::optional<demo::reading> read_feature(sensors_feature_type type, const subfeature_values& value_of);

}  // namespace twinsocket::app
