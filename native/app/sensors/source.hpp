#pragma once

// Where sensor readings come from. A source is read by one thread at a time, and a read may take long: never call it
// on a network thread (sensor_feed in feed.hpp is what takes care of that).

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "demo-site/messages.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::app {

/// What one reading of a source gives: the values, and the same as text for people.
struct sample {
  std::vector<demo::reading> readings;
  /// Valid UTF-8 in the form of the `sensors` command; for a command exactly what it printed.
  std::string text;
};

/// A source of readings.
class sensor_source {
 public:
  sensor_source() = default;
  sensor_source(const sensor_source&) = delete;
  sensor_source& operator=(const sensor_source&) = delete;
  virtual ~sensor_source() = default;

  /// "hwmon", "system", "simulated" or "command".
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  /// Reads everything once. When `stop` is requested, a read that would take long ends with errc::cancelled.
  [[nodiscard]] virtual result<sample> read(std::stop_token stop) = 0;
};

/// The source that `spec` names:
///   auto         hwmon where libsensors finds anything to read, else system
///   hwmon        every chip that libsensors knows
///   system       CPU load, memory and thermal zones, from the kernel
///   simulated    made-up values, for showing the page where there are no sensors
///   command:CMD  what the command CMD prints (command.hpp says how it is run and understood)
/// A spec that names nothing, and a source that has nothing to read on this machine, is an error that says so.
[[nodiscard]] result<std::unique_ptr<sensor_source>> make_sensor_source(std::string_view spec);

/// Milliseconds since 1970, the time of a reading.
[[nodiscard]] std::int64_t wall_clock_milliseconds();

}  // namespace twinsocket::app
