#include "platform/file_limit.hpp"

#include <sys/resource.h>

namespace twinsocket::app {

void raise_file_limit() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

}  // namespace twinsocket::app
