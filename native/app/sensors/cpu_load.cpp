#include "sensors/cpu_load.hpp"

#include <algorithm>

namespace twinsocket::app {

cpu_load::cpu_load(const std::optional<cpu_time>& now) {
  if (!now) return;
  last_ = *now;
  if (now->all > 0) load_ = 100 * now->busy / now->all;
}

double cpu_load::update(const cpu_time& now) {
  // The counters do not change between two reads within a tick, and may even decrease when a processor is removed. The
  // previous load is reported then.
  const double all = now.all - last_.all;
  const double busy = now.busy - last_.busy;
  if (all > 0 && busy >= 0) load_ = std::min(100 * busy / all, 100.0);
  last_ = now;
  return load_;
}

}  // namespace twinsocket::app
