#include "platform/unique_fd.hpp"

#include <winsock2.h>

namespace twinsocket::detail {

// 32 bits of a handle are significant, so a SOCKET fits an int.
void unique_fd::close(int number) noexcept { ::closesocket(static_cast<SOCKET>(number)); }

}  // namespace twinsocket::detail
