#include "platform/file_version.hpp"

#include <sys/stat.h>

namespace twinsocket::detail {

file_version version_of_file(const std::string& path) {
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0) return {};
  return {file.st_dev, file.st_ino, static_cast<std::uint64_t>(file.st_size), file.st_mtim.tv_sec,
          file.st_mtim.tv_nsec};
}

}  // namespace twinsocket::detail
