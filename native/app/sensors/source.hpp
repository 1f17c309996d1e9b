#pragma once

// Sources of sensor readings. A source may be used by one thread at a time. A read may block for long: do not call it on a
// network thread; use sensor_feed (feed.hpp), which reads on its own thread.

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "demo-site/messages.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::app {

/// The result of one read of a source: the values, and the same as text.
struct sample {
  std::vector<demo::reading> readings;
  /// Valid UTF-8 in the format of the `sensors` command; for a command source, its output.
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

  /// Reads all values once. When `stop` is requested, a long read fails with errc::cancelled.
  [[nodiscard]] virtual result<sample> read(std::stop_token stop) = 0;
};

/// Creates the source that `spec` names:
///   auto         hwmon if libsensors finds readable values, else system, else simulated
///   hwmon        every chip that libsensors knows
///   system       CPU load, memory and thermal zones, from the kernel
///   simulated    made-up values, for machines without sensors
///   command:CMD  the output of the command CMD (see command.hpp)
/// Fails with errc::invalid_argument for an unknown spec, and with an error of the source if it has nothing to read here.
[[nodiscard]] result<std::unique_ptr<sensor_source>> make_sensor_source(std::string_view spec);

/// The current time in milliseconds since 1970, as used for readings.
[[nodiscard]] std::int64_t wall_clock_milliseconds();

}  // namespace twinsocket::app
