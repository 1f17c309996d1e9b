#pragma once

// The listening sockets that a service manager has opened and passed to this process, as sd_listen_fds(3) describes.

#include <string>
#include <vector>

#include "twinsocket/error.hpp"

namespace twinsocket::detail {

struct passed_socket {
  int descriptor;
  std::string name;  ///< "unknown" where the manager gave none.
};

/// What the environment says: the values of LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES, null where one is not set.
/// errc::invalid_argument where it passes nothing to the process `self`, or is not as the manual says.
[[nodiscard]] result<std::vector<passed_socket>> read_passed_sockets(const char* pid, const char* count, const char* names,
                                                                     long self);

/// Those of this process, closed on exec from now on.
[[nodiscard]] result<std::vector<passed_socket>> passed_sockets();

}  // namespace twinsocket::detail
