// POSIX has no function for it.

#include "platform/program_path.hpp"

namespace twinsocket::app {

std::filesystem::path program_path() { return {}; }

}  // namespace twinsocket::app
