#include "sensors/hwmon.hpp"

#include <sensors/error.h>
#include <sensors/sensors.h>

#include <array>
#include <cstdlib>
#include <mutex>

#include "sensors/hwmon_feature.hpp"
#include "sensors/readings_text.hpp"
#include "sensors/valid_utf8.hpp"

namespace twinsocket::app {

namespace {

// libsensors keeps its chips in globals and is not thread-safe. It is initialised once for all sources, and every call into
// it holds the lock.
struct library_state {
  std::mutex mutex;
  std::size_t users = 0;
};

library_state& library() {
  static library_state instance;
  return instance;
}

std::string chip_name(const sensors_chip_name& chip) {
  std::array<char, 256> name{};
  return sensors_snprintf_chip_name(name.data(), name.size(), &chip) < 0 ? chip.prefix : name.data();
}

std::string label_of(const sensors_chip_name& chip, const sensors_feature& feature) {
  const std::unique_ptr<char, decltype(&std::free)> label(sensors_get_label(&chip, &feature), &std::free);
  return to_valid_utf8(label ? label.get() : feature.name);
}

std::optional<double> value_of(const sensors_chip_name& chip, const sensors_feature& feature,
                               sensors_subfeature_type type) {
  const sensors_subfeature* const subfeature = sensors_get_subfeature(&chip, &feature, type);
  double value = 0;
  if (!subfeature || !(subfeature->flags & SENSORS_MODE_R)) return std::nullopt;
  if (sensors_get_value(&chip, subfeature->number, &value) != 0) return std::nullopt;
  return value;
}

class hwmon_source final : public sensor_source {
 public:
  static result<std::unique_ptr<sensor_source>> make() {
    const std::lock_guard lock(library().mutex);
    if (library().users == 0) {
      if (const int failure = sensors_init(nullptr); failure != 0)
        return error(errc::unsupported, std::string("libsensors found no chips: ") + sensors_strerror(-failure));
    }
    ++library().users;
    return std::unique_ptr<sensor_source>(new hwmon_source);
  }
  ~hwmon_source() override {
    const std::lock_guard lock(library().mutex);
    if (--library().users == 0) sensors_cleanup();
  }

  [[nodiscard]] std::string_view name() const noexcept override { return "hwmon"; }

  [[nodiscard]] result<sample> read(std::stop_token stop) override {
    const std::lock_guard lock(library().mutex);
    sample out;
    const std::int64_t time = wall_clock_milliseconds();
    int next_chip = 0;
    while (const sensors_chip_name* const chip = sensors_get_detected_chips(nullptr, &next_chip)) {
      const std::size_t first = out.readings.size();
      int next_feature = 0;
      while (const sensors_feature* const feature = sensors_get_features(chip, &next_feature)) {
        // Checked for each value, because a chip on a slow bus takes milliseconds for one.
        if (stop.stop_requested()) return error(errc::cancelled, "the reading of the chips was stopped");
        auto reading = read_feature(feature->type, [&](auto type) { return value_of(*chip, *feature, type); });
        if (!reading) continue;
        reading->chip = chip_name(*chip);
        reading->label = label_of(*chip, *feature);
        reading->time = time;
        out.readings.push_back(std::move(*reading));
      }
      const char* const adapter = sensors_get_adapter_name(&chip->bus);
      out.text += format_chip(adapter ? adapter : "", std::span(out.readings).subspan(first));
    }
    if (out.readings.empty())
      return error(errc::unsupported,
                   "libsensors found no chips with readable values; a kernel driver may be missing "
                   "(see sensors-detect), or this is a virtual machine");
    return out;
  }

 private:
  hwmon_source() = default;
};

}  // namespace

result<std::unique_ptr<sensor_source>> make_hwmon_source() {
  auto source = hwmon_source::make();
  if (!source) return source;
  // A test read shows whether there is anything to read.
  if (auto probe = (*source)->read({}); !probe) return probe.error();
  return source;
}

}  // namespace twinsocket::app
