#pragma once

// Opens a file below a folder, and never outside of it.

#include <compare>
#include <cstdint>
#include <span>
#include <string>

#include "platform/input_file.hpp"

namespace twinsocket::detail {

/// Time since 1970-01-01 UTC.
struct file_time {
  std::int64_t seconds = 0;
  std::int64_t nanoseconds = 0;

  friend auto operator<=>(const file_time&, const file_time&) = default;
};

/// The result of open_beneath().
struct opened_file {
  enum class kind : std::uint8_t {
    file,       ///< A regular file, open for reading.
    folder,     ///< A folder.
    missing,    ///< Does not exist, or must not be served.
    forbidden,  ///< This process has no permission to read it.
    exhausted,  ///< Out of file descriptors or memory.
  };
  kind what = kind::missing;
  input_file file{};
  std::uint64_t size = 0;
  file_time modified{};
};

/// Opens the path below `folder` that the segments name. Follows symbolic links that stay below `folder`. Returns `missing`
/// for names that begin with a dot, also as the target of a link, and for anything that is neither file nor folder.
[[nodiscard]] opened_file open_beneath(const std::string& folder, std::span<const std::string> segments);

}  // namespace twinsocket::detail
