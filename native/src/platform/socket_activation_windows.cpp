// Windows has no service manager that passes sockets.

#include "platform/socket_activation.hpp"

namespace twinsocket::detail {

result<std::vector<passed_socket>> passed_sockets() {
  return error(errc::unsupported, "no sockets were passed to this process: systemd is not available on Windows");
}

}  // namespace twinsocket::detail
