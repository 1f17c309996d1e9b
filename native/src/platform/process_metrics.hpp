#pragma once

namespace twinsocket::detail {

/// Resource usage of this process. A member is 0 if the operating system does not provide it.
struct process_metrics {
  double cpu_seconds = 0;
  double start_time = 0;  ///< In seconds since 1970-01-01 UTC.
  double resident_bytes = 0;
  double open_files = 0;
  double max_files = 0;
};

[[nodiscard]] process_metrics read_process_metrics();

}  // namespace twinsocket::detail
