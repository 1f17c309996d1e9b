#include "platform/unique_fd.hpp"

#include <unistd.h>

namespace twinsocket::detail {

void unique_fd::close(int number) noexcept { ::close(number); }

}  // namespace twinsocket::detail
