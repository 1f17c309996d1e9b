#include "sensors/hwmon.hpp"

namespace twinsocket::app {

result<std::unique_ptr<sensor_source>> make_hwmon_source() {
  return error(errc::unsupported, "hwmon: this program was built without libsensors (libsensors-dev on Debian)");
}

}  // namespace twinsocket::app
