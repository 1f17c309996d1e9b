#include "sensors/hwmon_feature.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace twinsocket::app {

namespace {

constexpr auto none = SENSORS_SUBFEATURE_UNKNOWN;

// Alternative subfeatures for one value, in order of preference.
struct subfeature_choice {
  sensors_subfeature_type first = none;
  sensors_subfeature_type second = none;
};

struct feature_rule {
  sensors_feature_type type;
  const char* kind;
  const char* unit;
  subfeature_choice value;
  subfeature_choice high = {};
  subfeature_choice critical = {};
  sensors_subfeature_type fault = none;
};

constexpr std::array rules{
    feature_rule{
        .type = SENSORS_FEATURE_TEMP,
        .kind = "temperature",
        .unit = "\u00b0C",
        .value = {SENSORS_SUBFEATURE_TEMP_INPUT},
        .high = {SENSORS_SUBFEATURE_TEMP_MAX},
        .critical = {SENSORS_SUBFEATURE_TEMP_CRIT, SENSORS_SUBFEATURE_TEMP_EMERGENCY},
        .fault = SENSORS_SUBFEATURE_TEMP_FAULT,
    },
    feature_rule{
        .type = SENSORS_FEATURE_IN,
        .kind = "voltage",
        .unit = "V",
        .value = {SENSORS_SUBFEATURE_IN_INPUT, SENSORS_SUBFEATURE_IN_AVERAGE},
        .high = {SENSORS_SUBFEATURE_IN_MAX},
        .critical = {SENSORS_SUBFEATURE_IN_CRIT},
    },
    feature_rule{
        .type = SENSORS_FEATURE_FAN,
        .kind = "fan",
        .unit = "RPM",
        .value = {SENSORS_SUBFEATURE_FAN_INPUT},
        .high = {SENSORS_SUBFEATURE_FAN_MAX},
        .fault = SENSORS_SUBFEATURE_FAN_FAULT,
    },
    feature_rule{
        .type = SENSORS_FEATURE_POWER,
        .kind = "power",
        .unit = "W",
        .value = {SENSORS_SUBFEATURE_POWER_INPUT, SENSORS_SUBFEATURE_POWER_AVERAGE},
        .high = {SENSORS_SUBFEATURE_POWER_MAX, SENSORS_SUBFEATURE_POWER_CAP},
        .critical = {SENSORS_SUBFEATURE_POWER_CRIT},
    },
    feature_rule{
        .type = SENSORS_FEATURE_ENERGY,
        .kind = "energy",
        .unit = "J",
        .value = {SENSORS_SUBFEATURE_ENERGY_INPUT},
    },
    feature_rule{
        .type = SENSORS_FEATURE_CURR,
        .kind = "current",
        .unit = "A",
        .value = {SENSORS_SUBFEATURE_CURR_INPUT, SENSORS_SUBFEATURE_CURR_AVERAGE},
        .high = {SENSORS_SUBFEATURE_CURR_MAX},
        .critical = {SENSORS_SUBFEATURE_CURR_CRIT},
    },
    feature_rule{
        .type = SENSORS_FEATURE_HUMIDITY,
        .kind = "humidity",
        .unit = "%RH",
        .value = {SENSORS_SUBFEATURE_HUMIDITY_INPUT},
    },
    feature_rule{.type = SENSORS_FEATURE_VID, .kind = "voltage", .unit = "V", .value = {SENSORS_SUBFEATURE_VID}},
    feature_rule{
        .type = SENSORS_FEATURE_INTRUSION,
        .kind = "alarm",
        .unit = "",
        .value = {SENSORS_SUBFEATURE_INTRUSION_ALARM},
    },
};

std::optional<double> first_of(const subfeature_choice& wanted, const subfeature_values& value_of) {
  for (const sensors_subfeature_type type : {wanted.first, wanted.second}) {
    if (type == none) continue;
    if (const auto value = value_of(type); value && std::isfinite(*value)) return value;
  }
  return std::nullopt;
}

}  // namespace

std::optional<demo::reading> read_feature(sensors_feature_type type, const subfeature_values& value_of) {
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const feature_rule& r) { return r.type == type; });
  if (rule == rules.end()) return std::nullopt;
  if (rule->fault != none && value_of(rule->fault).value_or(0) != 0) return std::nullopt;
  const auto value = first_of(rule->value, value_of);
  if (!value) return std::nullopt;
  demo::reading r;
  r.kind = rule->kind;
  r.unit = rule->unit;
  r.value = *value;
  r.high = first_of(rule->high, value_of);
  r.critical = first_of(rule->critical, value_of);
  return r;
}

}  // namespace twinsocket::app
