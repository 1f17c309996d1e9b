#pragma once

#include <cstdint>

namespace twinsocket::detail {

/// What the operating system says about this process; 0 where it says nothing.
struct process_facts {
  double cpu_seconds = 0;
  double start_time = 0;  ///< In seconds since 1970.
  double resident_bytes = 0;
  double open_files = 0;
  double max_files = 0;
};

[[nodiscard]] process_facts look_at_process();

/// How many files and sockets this process may open at once.
[[nodiscard]] std::uint64_t process_file_limit();

}  // namespace twinsocket::detail
