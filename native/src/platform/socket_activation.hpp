#pragma once

// Socket activation: listening sockets that a service manager has passed to this process, see sd_listen_fds(3).

#include <string>
#include <vector>

#include "twinsocket/error.hpp"

namespace twinsocket::detail {

struct passed_socket {
  int descriptor;
  std::string name;  ///< "unknown" if the service manager gave none.
};

/// Parses the values of LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES, null for each that is not set. errc::invalid_argument if
/// they are malformed or pass no sockets to the process `self`.
[[nodiscard]] result<std::vector<passed_socket>> parse_listen_environment(const char* pid, const char* count,
                                                                          const char* names, long self);

/// The sockets that were passed to this process. Sets close-on-exec on them.
[[nodiscard]] result<std::vector<passed_socket>> passed_sockets();

}  // namespace twinsocket::detail
