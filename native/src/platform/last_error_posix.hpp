#pragma once

#include <boost/system/error_code.hpp>
#include <cerrno>

namespace twinsocket::detail {

/// The error of the last system call of this thread.
[[nodiscard]] inline boost::system::error_code last_error() noexcept {
  return {errno, boost::system::system_category()};
}

}  // namespace twinsocket::detail
