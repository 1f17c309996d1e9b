#pragma once

#include <spawn.h>

namespace twinsocket::app {

/// Lets a program that is started with these actions close all descriptors from `first` on.
void close_from(posix_spawn_file_actions_t& actions, int first);

}  // namespace twinsocket::app
