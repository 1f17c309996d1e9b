#pragma once

#include <cstdint>
#include <string>

namespace twinsocket::detail {

/// Identifies a version of a file, to detect that it has been changed or replaced.
struct file_version {
  std::uint64_t device = 0;
  std::uint64_t number = 0;
  std::uint64_t size = 0;
  std::int64_t seconds = 0;  ///< Of the last change.
  std::int64_t nanoseconds = 0;

  friend bool operator==(const file_version&, const file_version&) = default;
};

/// All members are 0 if there is no such file.
[[nodiscard]] file_version version_of_file(const std::string& path);

}  // namespace twinsocket::detail
