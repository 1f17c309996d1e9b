#include "platform/process_metrics.hpp"

#include <windows.h>
// After windows.h, which it needs.
#include <psapi.h>

#include <cstdint>

#include "platform/open_files.hpp"

namespace twinsocket::detail {

namespace {

// FILETIME has units of 100 ns.
double seconds_of(const FILETIME& time) noexcept {
  return static_cast<double>(std::uint64_t{time.dwHighDateTime} << 32 | time.dwLowDateTime) / 1e7;
}

// From 1601-01-01, where FILETIME begins, to 1970-01-01.
constexpr double epoch_seconds = 11'644'473'600;

}  // namespace

process_metrics read_process_metrics() {
  process_metrics metrics;
  const HANDLE self = ::GetCurrentProcess();
  FILETIME started{}, ended{}, kernel{}, user{};
  if (::GetProcessTimes(self, &started, &ended, &kernel, &user)) {
    metrics.cpu_seconds = seconds_of(kernel) + seconds_of(user);
    metrics.start_time = seconds_of(started) - epoch_seconds;
  }
  PROCESS_MEMORY_COUNTERS memory{};
  if (::GetProcessMemoryInfo(self, &memory, sizeof memory))
    metrics.resident_bytes = static_cast<double>(memory.WorkingSetSize);
  DWORD handles = 0;
  if (::GetProcessHandleCount(self, &handles)) metrics.open_files = handles;
  metrics.max_files = static_cast<double>(max_open_files());
  return metrics;
}

}  // namespace twinsocket::detail
