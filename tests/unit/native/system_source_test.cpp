#include "platform/system_source.hpp"

#include "test.hpp"
#include <algorithm>

#include "result_text.hpp"
#include "temporary_folder.hpp"

using namespace twinsocket::app;

namespace {

class machine : public temporary_folder {
 public:
  machine() {
    write("proc/stat", "cpu  300 100 50 500 40 5 5 0 0 0\ncpu0 300 100 50 500 40 5 5 0 0 0\n");
    write("proc/loadavg", "0.75 0.50 0.25 1/200 4242\n");
    write("proc/meminfo",
          "MemTotal:        8388608 kB\nMemFree:         1048576 kB\nMemAvailable:    6291456 kB\n"
          "SwapTotal:       2097152 kB\nSwapFree:        1572864 kB\n");
    write("sys/class/thermal/thermal_zone0/type", "x86_pkg_temp\n");
    write("sys/class/thermal/thermal_zone0/temp", "61500\n");
    write("sys/class/thermal/thermal_zone0/trip_point_0_type", "passive\n");
    write("sys/class/thermal/thermal_zone0/trip_point_0_temp", "85000\n");
    write("sys/class/thermal/thermal_zone0/trip_point_1_type", "hot\n");
    write("sys/class/thermal/thermal_zone0/trip_point_1_temp", "95000\n");
    write("sys/class/thermal/thermal_zone0/trip_point_2_type", "critical\n");
    write("sys/class/thermal/thermal_zone0/trip_point_2_temp", "105000\n");
    write("sys/class/thermal/cooling_device0/type", "Fan\n");
  }
};

std::unique_ptr<sensor_source> source_of(const temporary_folder& folder) {
  auto source = make_system_source(folder.path());
  REQUIRE(source);
  return std::move(*source);
}

std::vector<demo::reading> read(sensor_source& source) {
  auto taken = source.read({});
  REQUIRE(taken);
  return std::move(taken->readings);
}

const demo::reading& labelled(const std::vector<demo::reading>& readings, std::string_view label) {
  const auto found = std::find_if(readings.begin(), readings.end(), [&](const auto& r) { return r.label == label; });
  INFO(label);
  REQUIRE(found != readings.end());
  return *found;
}

}  // namespace

TEST_CASE("the system source reads load, memory, swap and thermal zones from the kernel's files") {
  const machine m;
  const auto source = source_of(m);
  REQUIRE(source->name() == "system");
  const auto readings = read(*source);
  REQUIRE(readings.size() == 6);

  const auto& average = labelled(readings, "Load average");
  REQUIRE(average.value == 0.75);
  REQUIRE(average.unit.empty());

  const auto& used = labelled(readings, "Memory used");
  REQUIRE(used.kind == "memory");
  REQUIRE(used.unit == "%");
  REQUIRE(used.value == 25.0);
  REQUIRE(labelled(readings, "Memory available").value == 6144.0);
  REQUIRE(labelled(readings, "Swap used").value == 25.0);

  const auto& zone = labelled(readings, "x86_pkg_temp");
  REQUIRE(zone.chip == "thermal_zone0");
  REQUIRE(zone.kind == "temperature");
  REQUIRE(zone.value == 61.5);
  REQUIRE(zone.unit == "\u00b0C");
  REQUIRE(zone.high == 95.0);
  REQUIRE(zone.critical == 105.0);
}

TEST_CASE("the CPU load covers the time since the previous read, first since boot") {
  const machine m;
  const auto source = source_of(m);
  // Busy 460 of 1000 ticks.
  REQUIRE(labelled(read(*source), "CPU load").value == Approx(46.0));

  m.write("proc/stat", "cpu  375 100 50 600 65 5 5 0 0 0\n");
  REQUIRE(labelled(read(*source), "CPU load").value == Approx(37.5));

  SECTION("it keeps its value while the counters do not change") {
    REQUIRE(labelled(read(*source), "CPU load").value == Approx(37.5));
  }
  SECTION("it keeps its value when the counters decrease") {
    m.write("proc/stat", "cpu  100 0 0 100 0 0 0 0 0 0\n");
    REQUIRE(labelled(read(*source), "CPU load").value == Approx(37.5));
  }
}

TEST_CASE("a short line of CPU counters is accepted") {
  const machine m;
  m.write("proc/stat", "cpu 25 0 25 50\n");
  REQUIRE(labelled(read(*source_of(m)), "CPU load").value == Approx(50.0));
}

TEST_CASE("thermal zones are sorted by number and invalid ones are skipped") {
  const machine m;
  for (const char* zone : {"10", "2", "3", "4"})
    m.write("sys/class/thermal/thermal_zone" + std::string(zone) + "/type", "zone " + std::string(zone) + "\n");
  m.write("sys/class/thermal/thermal_zone10/temp", "20000\n");
  m.write("sys/class/thermal/thermal_zone2/temp", "-5000\n");
  m.write("sys/class/thermal/thermal_zone3/temp", "-274000\n");
  m.write("sys/class/thermal/thermal_zone4/temp", "broken\n");
  std::vector<std::string> zones;
  for (const auto& r : read(*source_of(m)))
    if (r.kind == "temperature") zones.push_back(r.label);
  REQUIRE(zones == std::vector<std::string>{"x86_pkg_temp", "zone 2", "zone 10"});
}

TEST_CASE("a system with only some of the files yields their readings") {
  const temporary_folder folder;
  folder.write("proc/loadavg", "1.25 0 0 1/1 1\n");
  const auto readings = read(*source_of(folder));
  REQUIRE(readings.size() == 1);
  REQUIRE(readings[0].value == 1.25);
}

TEST_CASE("make_system_source() without readable files fails and names them") {
  const temporary_folder folder;
  const auto source = make_system_source(folder.path());
  REQUIRE_FALSE(source);
  REQUIRE(source.error() == twinsocket::errc::unsupported);
  REQUIRE(source.error().detail().find("proc/stat") != std::string::npos);
  folder.write("proc/stat", "garbage\n");
  folder.write("proc/meminfo", "\n\n:::\nMemTotal: x kB\n");
  folder.write("proc/loadavg", "");
  REQUIRE_FALSE(make_system_source(folder.path()));
}

TEST_CASE("the system source returns the CPU load and memory of this machine") {
  const auto source = make_system_source();
  REQUIRE(source);
  const auto readings = read(**source);
  const double load = labelled(readings, "CPU load").value;
  REQUIRE(load >= 0);
  REQUIRE(load <= 100);
  REQUIRE(labelled(readings, "Memory available").value > 0);
}

TEST_CASE("auto selects hwmon if it has readings and system otherwise") {
  REQUIRE((*make_sensor_source("system"))->name() == "system");
  REQUIRE((*make_sensor_source("auto"))->name() == (make_sensor_source("hwmon") ? "hwmon" : "system"));
}
