#pragma once

#include "sensors/source.hpp"

namespace twinsocket::app {

/// Every chip that libsensors finds when the source is made, with all its features and their limits, under the labels
/// and computations of the machine's sensors3.conf. errc::unsupported where it finds none, and in a build without
/// libsensors; the detail says which. Several sources may be used from several threads.
[[nodiscard]] result<std::unique_ptr<sensor_source>> make_hwmon_source();

}  // namespace twinsocket::app
