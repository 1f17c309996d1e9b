#include "platform/program_path.hpp"

namespace twinsocket::app {

std::filesystem::path program_path() {
  std::error_code failure;
  return std::filesystem::read_symlink("/proc/self/exe", failure);
}

}  // namespace twinsocket::app
