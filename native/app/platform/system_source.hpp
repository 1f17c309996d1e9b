#pragma once

#include <filesystem>

#include "sensors/source.hpp"

namespace twinsocket::app {

/// A source of Linux kernel data: CPU load (/proc/stat), load average (/proc/loadavg), memory and swap (/proc/meminfo), and
/// the thermal zones with their trip points (/sys/class/thermal), as far as available. The CPU load is the average since the
/// previous read; if too little time has passed since the source was created, the first read reports the average since the
/// machine started. Fails with errc::unsupported if none of these files exists, as on other systems. `root` is the folder
/// that contains proc and sys.
[[nodiscard]] result<std::unique_ptr<sensor_source>> make_system_source(const std::filesystem::path& root = "/");

}  // namespace twinsocket::app
