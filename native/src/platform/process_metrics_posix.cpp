// POSIX provides neither the start time, nor the memory, nor the open files of a process.

#include "platform/process_metrics.hpp"

#include <time.h>

#include "platform/open_files.hpp"

namespace twinsocket::detail {

process_metrics read_process_metrics() {
  process_metrics metrics;
  timespec used{};
  if (::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) == 0)
    metrics.cpu_seconds = static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
  metrics.max_files = static_cast<double>(max_open_files());
  return metrics;
}

}  // namespace twinsocket::detail
