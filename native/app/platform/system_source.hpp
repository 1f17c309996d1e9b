#pragma once

#include <filesystem>

#include "sensors/source.hpp"

namespace twinsocket::app {

/// A source of data of the system's kernel, as far as available. Fails with errc::unsupported if there is none.
///
/// On Linux: CPU load (/proc/stat), load average (/proc/loadavg), memory and swap (/proc/meminfo), and the thermal zones with
/// their trip points (/sys/class/thermal). The CPU load is the average since the previous read; if too little time has passed
/// since the source was created, the first read reports the average since the machine started. `root` is the folder that
/// contains proc and sys.
///
/// On Windows: the CPU load, the memory, and the thermal zones that WMI has (MSAcpi_ThermalZoneTemperature), which often only
/// administrators may read.
[[nodiscard]] result<std::unique_ptr<sensor_source>> make_system_source(const std::filesystem::path& root = "/");

}  // namespace twinsocket::app
