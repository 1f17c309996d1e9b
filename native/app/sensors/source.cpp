#include "sensors/source.hpp"

#include "platform/system_source.hpp"
#include "sensors/command.hpp"
#include "sensors/hwmon.hpp"
#include "sensors/simulated.hpp"

namespace twinsocket::app {

result<std::unique_ptr<sensor_source>> make_sensor_source(std::string_view spec) {
  constexpr std::string_view command = "command:";
  if (spec == "auto") {
    if (auto chips = make_hwmon_source()) return chips;
    if (auto system = make_system_source()) return system;
    return make_simulated_source();
  }
  if (spec == "hwmon") return make_hwmon_source();
  if (spec == "system") return make_system_source();
  if (spec == "simulated") return make_simulated_source();
  if (spec.starts_with(command)) return make_command_source(spec.substr(command.size()));
  return error(errc::invalid_argument, "\"" + std::string(spec) +
                                           "\" is not a source of sensor readings; use auto, hwmon, system, "
                                           "simulated or command:CMD");
}

std::int64_t wall_clock_milliseconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace twinsocket::app
