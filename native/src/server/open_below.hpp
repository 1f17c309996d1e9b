#pragma once

// Opening a file below a folder and nowhere else.

#include <cstdint>
#include <ctime>
#include <span>
#include <string>

#include "server/file_handle.hpp"

namespace twinsocket::detail {

/// What was found at a place below a folder.
struct found_file {
  enum class kind : std::uint8_t {
    file,       ///< A file, open for reading.
    folder,     ///< A folder.
    missing,    ///< Nothing that may be served.
    forbidden,  ///< A file that this process may not read.
    exhausted,  ///< The process or the system has no file handle left.
  };
  kind what = kind::missing;
  file_handle file{};
  std::uint64_t size = 0;
  std::timespec modified{};
};

/// Opens what the segments of a path name below `folder`. A symbolic link is followed as long as it stays below. Names
/// that begin with a dot, wherever a link leads to one too, and what is neither file nor folder are missing.
[[nodiscard]] found_file open_below(const std::string& folder, std::span<const std::string> segments);

}  // namespace twinsocket::detail
