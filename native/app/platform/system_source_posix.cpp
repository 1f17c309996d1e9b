// POSIX has no interface for the load, the memory or the temperatures of a machine.

#include "platform/system_source.hpp"

namespace twinsocket::app {

result<std::unique_ptr<sensor_source>> make_system_source(const std::filesystem::path&) {
  return error(errc::unsupported, "system: this program was built without readings of the kernel, which needs Linux");
}

}  // namespace twinsocket::app
