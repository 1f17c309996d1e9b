#pragma once

#include <cstddef>
#include <string>

#include "twinsocket/error.hpp"

namespace twinsocket::detail {

/// Refuses a path that does not fit the address of a Unix-domain socket, of at most `longest` bytes.
[[nodiscard]] inline result<void> check_unix_socket_path(const std::string& path, std::size_t longest) {
  if (!path.empty() && path.size() <= longest && path.find('\0') == std::string::npos) return {};
  return error(errc::invalid_argument, "the path of a Unix-domain socket \"" + path + "\" has " +
                                           std::to_string(path.size()) + " bytes, it must have 1 to " +
                                           std::to_string(longest) + " and no NUL");
}

}  // namespace twinsocket::detail
