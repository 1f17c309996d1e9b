#pragma once

#include "sensors/source.hpp"

namespace twinsocket::app {

/// A source for every chip that libsensors finds when the source is created, with all features and limits. Labels and
/// conversions follow the machine's sensors3.conf. Fails with errc::unsupported if no chip is found, and in builds without
/// libsensors; the detail tells which. Several sources may be used from several threads.
[[nodiscard]] result<std::unique_ptr<sensor_source>> make_hwmon_source();

}  // namespace twinsocket::app
