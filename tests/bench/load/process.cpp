#include "process.hpp"

#include <sys/resource.h>
#include <time.h>

#include <fstream>
#include <sstream>
#include <string>

#include "fail.hpp"

namespace bench {

namespace {

double read_clock(clockid_t clock) {
  timespec time{};
  if (clock_gettime(clock, &time) != 0) fail("a clock cannot be read");
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

}  // namespace

double now() { return read_clock(CLOCK_MONOTONIC); }

// The scheduler's own sum, in nanoseconds. utime and stime of /proc/PID/stat only count ticks of 10 ms.
double cpu_seconds(pid_t process) {
  clockid_t clock{};
  if (clock_getcpuclockid(process, &clock) != 0) fail("there is no process " + std::to_string(process));
  return read_clock(clock);
}

std::size_t anonymous_bytes(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("RssAnon:", 0) != 0) continue;
    std::size_t kib = 0;
    std::istringstream(line.substr(8)) >> kib;
    return kib * 1024;
  }
  fail("the memory of process " + std::to_string(process) + " cannot be read");
}

std::size_t raise_descriptor_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

}  // namespace bench
