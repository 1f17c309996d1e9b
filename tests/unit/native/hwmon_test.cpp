#include "sensors/hwmon.hpp"

#include "test.hpp"
#include <cmath>
#include <map>

#include "result_text.hpp"
#include "sensors/hwmon_feature.hpp"

using namespace twinsocket::app;
using values = std::map<sensors_subfeature_type, double>;

namespace {

std::optional<demo::reading> read(sensors_feature_type type, const values& chip) {
  return read_feature(type, [&](sensors_subfeature_type wanted) -> std::optional<double> {
    const auto found = chip.find(wanted);
    if (found == chip.end()) return std::nullopt;
    return found->second;
  });
}

}  // namespace

TEST_CASE("a temperature feature is read with its high and critical limits") {
  const auto r = read(SENSORS_FEATURE_TEMP, {{SENSORS_SUBFEATURE_TEMP_INPUT, 45},
                                             {SENSORS_SUBFEATURE_TEMP_MAX, 80},
                                             {SENSORS_SUBFEATURE_TEMP_CRIT, 100},
                                             {SENSORS_SUBFEATURE_TEMP_EMERGENCY, 110},
                                             {SENSORS_SUBFEATURE_TEMP_FAULT, 0}});
  REQUIRE(r);
  REQUIRE(r->kind == "temperature");
  REQUIRE(r->unit == "\u00b0C");
  REQUIRE(r->value == 45);
  REQUIRE(r->high == 80.0);
  REQUIRE(r->critical == 100.0);
}

TEST_CASE("every feature type has its kind and unit") {
  struct example {
    sensors_feature_type type;
    sensors_subfeature_type value;
    const char* kind;
    const char* unit;
  };
  const example examples[] = {
      {SENSORS_FEATURE_IN, SENSORS_SUBFEATURE_IN_INPUT, "voltage", "V"},
      {SENSORS_FEATURE_FAN, SENSORS_SUBFEATURE_FAN_INPUT, "fan", "RPM"},
      {SENSORS_FEATURE_TEMP, SENSORS_SUBFEATURE_TEMP_INPUT, "temperature", "\u00b0C"},
      {SENSORS_FEATURE_POWER, SENSORS_SUBFEATURE_POWER_INPUT, "power", "W"},
      {SENSORS_FEATURE_POWER, SENSORS_SUBFEATURE_POWER_AVERAGE, "power", "W"},
      {SENSORS_FEATURE_ENERGY, SENSORS_SUBFEATURE_ENERGY_INPUT, "energy", "J"},
      {SENSORS_FEATURE_CURR, SENSORS_SUBFEATURE_CURR_INPUT, "current", "A"},
      {SENSORS_FEATURE_HUMIDITY, SENSORS_SUBFEATURE_HUMIDITY_INPUT, "humidity", "%RH"},
      {SENSORS_FEATURE_VID, SENSORS_SUBFEATURE_VID, "voltage", "V"},
      {SENSORS_FEATURE_INTRUSION, SENSORS_SUBFEATURE_INTRUSION_ALARM, "alarm", ""},
  };
  for (const example& e : examples) {
    const auto r = read(e.type, {{e.value, 1.5}});
    INFO(e.kind);
    REQUIRE(r);
    REQUIRE(r->kind == e.kind);
    REQUIRE(r->unit == e.unit);
    REQUIRE(r->value == 1.5);
    REQUIRE_FALSE(r->high);
    REQUIRE_FALSE(r->critical);
  }
}

TEST_CASE("a feature uses the fallback limit if the preferred one is absent") {
  REQUIRE(
      read(SENSORS_FEATURE_POWER, {{SENSORS_SUBFEATURE_POWER_INPUT, 1}, {SENSORS_SUBFEATURE_POWER_CAP, 65}})->high ==
      65.0);
  REQUIRE(read(SENSORS_FEATURE_TEMP, {{SENSORS_SUBFEATURE_TEMP_INPUT, 1}, {SENSORS_SUBFEATURE_TEMP_EMERGENCY, 90}})
              ->critical == 90.0);
}

TEST_CASE("a feature without a valid value yields no reading") {
  REQUIRE_FALSE(read(SENSORS_FEATURE_TEMP, {{SENSORS_SUBFEATURE_TEMP_MAX, 80}}));
  REQUIRE_FALSE(read(SENSORS_FEATURE_TEMP, {{SENSORS_SUBFEATURE_TEMP_INPUT, 45}, {SENSORS_SUBFEATURE_TEMP_FAULT, 1}}));
  REQUIRE_FALSE(read(SENSORS_FEATURE_IN, {{SENSORS_SUBFEATURE_IN_INPUT, std::nan("")}}));
  REQUIRE_FALSE(read(SENSORS_FEATURE_BEEP_ENABLE, {{SENSORS_SUBFEATURE_BEEP_ENABLE, 1}}));
  REQUIRE_FALSE(read(SENSORS_FEATURE_UNKNOWN, {}));
}

TEST_CASE("libsensors returns readings or reports that there are no chips") {
  for (int again = 0; again < 2; ++again) {
    const auto source = make_hwmon_source();
    if (source) {
      REQUIRE_FALSE((*source)->read({})->readings.empty());
    } else {
      REQUIRE(source.error() == twinsocket::errc::unsupported);
      REQUIRE(source.error().detail().find("libsensors found no chips") != std::string::npos);
    }
  }
}

// Hidden: with_fake_chips.sh runs it where libsensors sees only that script's chips.
TEST_CASE("libsensors reads chips, features and limits", "[.fake-chips]") {
  auto source = make_hwmon_source();
  REQUIRE(source);
  const auto taken = (*source)->read({});
  REQUIRE(taken);
  const std::string processor =
      "coretemp-virtual-0\n"
      "Adapter: Virtual device\n"
      "Core 0:  +45.0\u00b0C  (high = +80.0\u00b0C, crit = +100.0\u00b0C)\n"
      "\n";
  const std::string board =
      "board-virtual-0\n"
      "Adapter: Virtual device\n"
      "in0:        1.02 V  (high = 1.74 V)\n"
      "fan1:       1208 RPM\n"
      "temp2:      +35.5\u00b0C\n"
      "power1:     18.25 W\n"
      "curr1:      2.50 A\n"
      "humidity1:  40.50 %RH\n"
      "\n";
  // libsensors lists the chips in the order of the folder.
  const bool processor_first = taken->text.starts_with("coretemp");
  REQUIRE(taken->text == (processor_first ? processor + board : board + processor));
  REQUIRE(taken->readings.size() == 7);
  REQUIRE(taken->readings[processor_first ? 0 : 6].chip == "coretemp-virtual-0");
  REQUIRE(taken->readings[0].time > 1'600'000'000'000);
  std::stop_source stop;
  stop.request_stop();
  REQUIRE((*source)->read(stop.get_token()).error() == twinsocket::errc::cancelled);
  const auto chosen = make_sensor_source("auto");
  REQUIRE(chosen);
  REQUIRE((*chosen)->name() == "hwmon");
}
