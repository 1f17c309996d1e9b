#include "platform/open_files.hpp"

#include <sys/resource.h>

namespace twinsocket::detail {

std::uint64_t max_open_files() {
  rlimit files{};
  return ::getrlimit(RLIMIT_NOFILE, &files) == 0 ? files.rlim_cur : 0;
}

}  // namespace twinsocket::detail
