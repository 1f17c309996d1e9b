#pragma once

#include <optional>

namespace twinsocket::app {

/// CPU time of all processors since the start of the machine, in any unit.
struct cpu_time {
  double busy = 0;
  double all = 0;
};

/// The load of the processors, in per cent.
class cpu_load {
 public:
  /// The load since the start of the machine is reported until the counters have changed.
  explicit cpu_load(const std::optional<cpu_time>& now);
  /// The load since the last call.
  [[nodiscard]] double update(const cpu_time& now);

 private:
  cpu_time last_;
  double load_ = 0;
};

}  // namespace twinsocket::app
