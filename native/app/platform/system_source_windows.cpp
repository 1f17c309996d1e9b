#include "platform/system_source.hpp"

#include <windows.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "platform/wmi_windows.hpp"
#include "sensors/cpu_load.hpp"
#include "sensors/readings_text.hpp"

namespace twinsocket::app {

namespace {

double ticks_of(const FILETIME& time) noexcept {
  return static_cast<double>(std::uint64_t{time.dwHighDateTime} << 32 | time.dwLowDateTime);
}

// The kernel's time includes the idle time.
std::optional<cpu_time> read_cpu_time() {
  FILETIME idle{}, kernel{}, user{};
  if (!::GetSystemTimes(&idle, &kernel, &user)) return std::nullopt;
  const double all = ticks_of(kernel) + ticks_of(user);
  return cpu_time{all - ticks_of(idle), all};
}

// WMI gives tenths of a kelvin. 0 is what the firmware does not set.
std::optional<double> degrees_of(std::optional<double> tenths_of_kelvin) {
  if (!tenths_of_kelvin || *tenths_of_kelvin <= 0) return std::nullopt;
  return *tenths_of_kelvin / 10 - 273.15;
}

class system_source final : public sensor_source {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "system"; }

  [[nodiscard]] result<sample> read(std::stop_token) override {
    sample out;
    time_ = wall_clock_milliseconds();
    read_load(out.readings);
    read_memory_use(out.readings);
    if (has_thermal_zones_) has_thermal_zones_ = read_thermal_zones(out.readings);
    if (out.readings.empty()) return error(errc::unsupported, "system: Windows gives neither the load nor the memory");
    out.text = format_readings(out.readings);
    return out;
  }

 private:
  using list = std::vector<demo::reading>;

  void read_load(list& to) {
    if (const auto now = read_cpu_time())
      to.push_back({"cpu", "CPU load", "load", load_.update(*now), "%", {}, {}, time_});
  }

  void read_memory_use(list& to) const {
    MEMORYSTATUSEX memory{};
    memory.dwLength = sizeof memory;
    if (!::GlobalMemoryStatusEx(&memory) || memory.ullTotalPhys == 0) return;
    constexpr double mebibyte = 1024 * 1024;
    const auto total = static_cast<double>(memory.ullTotalPhys);
    const auto available = static_cast<double>(memory.ullAvailPhys);
    to.push_back({"memory", "Memory used", "memory", 100 * (total - available) / total, "%", {}, {}, time_});
    to.push_back({"memory", "Memory available", "memory", available / mebibyte, "MiB", {}, {}, time_});
  }

  // The zones of ACPI. False if there are none, or only administrators may read them.
  [[nodiscard]] bool read_thermal_zones(list& to) const {
    const std::size_t before = to.size();
    for_each_wmi_object(L"root\\wmi", L"MSAcpi_ThermalZoneTemperature", [&](const wmi_object& zone) {
      const auto value = degrees_of(zone.number(L"CurrentTemperature"));
      if (!value) return;
      // "ACPI\\ThermalZone\\TZ00_0"
      const std::string path = zone.text(L"InstanceName").value_or("thermal zone");
      demo::reading r{"thermal zone", path.substr(path.rfind('\\') + 1), "temperature", *value, "\u00b0C", {}, {},
                      time_};
      r.high = degrees_of(zone.number(L"PassiveTripPoint"));
      r.critical = degrees_of(zone.number(L"CriticalTripPoint"));
      to.push_back(std::move(r));
    });
    return to.size() > before;
  }

  bool has_thermal_zones_ = true;
  cpu_load load_{read_cpu_time()};
  std::int64_t time_ = 0;
};

}  // namespace

result<std::unique_ptr<sensor_source>> make_system_source(const std::filesystem::path&) {
  auto source = std::make_unique<system_source>();
  // A test read shows whether there is anything to read.
  if (auto probe = source->read({}); !probe) return probe.error();
  return source;
}

}  // namespace twinsocket::app
