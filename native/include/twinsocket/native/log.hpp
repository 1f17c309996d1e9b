#pragma once

// What a server tells about itself; nothing unless server_options::log is set.

#include "twinsocket/detail/cxx20.hpp"

#include <cstdint>
#include <functional>
#include <string_view>

namespace twinsocket {

enum class log_level : std::uint8_t {
  debug,    ///< What happens all the time: requests, connections.
  info,     ///< What an operator may want to see: starting and stopping, refusals.
  warning,  ///< What should not happen, and the server deals with.
  error,    ///< A fault of the program: a handler that throws.
};

/// One event. The views live for the time of the call.
struct log_entry {
  log_level level;
  std::string_view event;           ///< A fixed phrase to count by, such as "upgrade refused".
  std::string_view detail;          ///< What and why, for people.
  std::string_view remote_address;  ///< The client that it is about, or "".
  std::string_view target;          ///< The target of the request that it is about, or "".
};

/// Called from the server's threads, by several at once; it must not throw.
using log_hook = std::function<void(const log_entry&)>;

}  // namespace twinsocket
