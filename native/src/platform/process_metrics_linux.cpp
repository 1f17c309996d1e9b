#include "platform/process_metrics.hpp"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <string>

#include "platform/open_files.hpp"

namespace twinsocket::detail {

namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double count_open_files() {
  struct closer {
    void operator()(DIR* folder) const noexcept { ::closedir(folder); }
  };
  const std::unique_ptr<DIR, closer> folder(::opendir("/proc/self/fd"));
  if (!folder) return 0;
  // Not counted: ".", "..", and the descriptor of this folder itself.
  double count = -3;
  while (::readdir(folder.get())) ++count;
  return count;
}

// Field 22 of proc_pid_stat(5) is in clock ticks since boot. The search starts after field 2, the name, which may contain
// spaces.
double find_start_time() {
  std::ifstream stat("/proc/self/stat");
  std::string text;
  std::getline(stat, text);
  std::size_t position = text.rfind(')');
  for (int field = 2; field < 22 && position != std::string::npos; ++field) position = text.find(' ', position + 1);
  double boot = 0;
  std::ifstream system("/proc/stat");
  for (std::string word; system >> word;)
    if (word == "btime") system >> boot;
  if (position == std::string::npos || boot == 0) return 0;
  return boot + std::stod(text.substr(position)) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace

process_metrics read_process_metrics() {
  process_metrics metrics;
  rusage used{};
  if (::getrusage(RUSAGE_SELF, &used) == 0) metrics.cpu_seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
  metrics.max_files = static_cast<double>(max_open_files());
  std::ifstream memory("/proc/self/statm");
  double all = 0;
  double resident = 0;
  if (memory >> all >> resident) metrics.resident_bytes = resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
  metrics.open_files = count_open_files();
  static const double start = find_start_time();
  metrics.start_time = start;
  return metrics;
}

}  // namespace twinsocket::detail
