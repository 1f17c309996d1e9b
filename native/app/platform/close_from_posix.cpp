// POSIX has no function for it: the descriptors that are open now are closed one by one. Those that another thread opens
// in the meantime, and those from `max_descriptors` on, are inherited.

#include "platform/close_from_posix.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

namespace twinsocket::app {

void close_from(posix_spawn_file_actions_t& actions, int first) {
  constexpr long max_descriptors = 65'536;
  const long limit = ::sysconf(_SC_OPEN_MAX);
  const auto end = static_cast<int>(limit < 0 ? max_descriptors : std::min(limit, max_descriptors));
  for (int number = first; number < end; ++number)
    if (::fcntl(number, F_GETFD) >= 0) ::posix_spawn_file_actions_addclose(&actions, number);
}

}  // namespace twinsocket::app
