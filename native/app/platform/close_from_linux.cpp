#include "platform/close_from_posix.hpp"

namespace twinsocket::app {

void close_from(posix_spawn_file_actions_t& actions, int first) {
  ::posix_spawn_file_actions_addclosefrom_np(&actions, first);
}

}  // namespace twinsocket::app
