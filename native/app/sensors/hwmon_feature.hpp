#pragma once

// How a feature of a libsensors chip becomes a reading, apart from where its numbers come from.

#include <sensors/sensors.h>

#include <functional>
#include <optional>
#include <string>

#include "demo-site/messages.hpp"

namespace twinsocket::app {

/// Gives the value of a subfeature of the feature at hand, or nothing where the chip has none or it cannot be read.
using subfeature_values = std::function<std::optional<double>(sensors_subfeature_type)>;

/// The feature as a reading without chip, label and time. Nothing when it has no value now, when its sensor reports a
/// fault, and for what is a switch and not a sensor.
[[nodiscard]] std::optional<demo::reading> read_feature(sensors_feature_type type, const subfeature_values& value_of);

}  // namespace twinsocket::app
