#pragma once

#include <filesystem>

#include "sensors/source.hpp"

namespace twinsocket::app {

/// What Linux itself says of the machine: CPU load (/proc/stat), load average (/proc/loadavg), memory and swap
/// (/proc/meminfo), and the thermal zones with their trip points (/sys/class/thermal), as far as each is there. The CPU
/// load is the average since the read before; the first one gives that since the start of the machine where too little
/// time has passed since the source was made. An error where none of these files is there, as on another system.
/// `root` is the folder in which proc and sys are.
[[nodiscard]] result<std::unique_ptr<sensor_source>> make_system_source(const std::filesystem::path& root = "/");

}  // namespace twinsocket::app
