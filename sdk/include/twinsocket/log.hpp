#pragma once

// What a server or a client tells about itself; nothing unless server_options::log or connect_options::log() is set. No
// entry holds a password, a token, a cookie, the query of an address or what is in a message.

#include "twinsocket/detail/cxx20.hpp"

#include <cstdint>
#include <functional>
#include <string_view>

namespace twinsocket {

enum class log_level : std::uint8_t {
  debug,    ///< What happens all the time: requests, connections and their ends.
  info,     ///< What an operator may want to see: starting and stopping, refusals, reconnecting.
  warning,  ///< What should not happen, and the server deals with.
  error,    ///< A fault of the program: a handler that throws.
};

/// One event. The views live for the time of the call.
struct log_entry {
  log_level level;
  std::string_view event;           ///< A fixed phrase to count by, such as "upgrade refused".
  std::string_view detail;          ///< What and why, for people.
  std::string_view remote_address;  ///< The peer that it is about, or "".
  std::string_view target;          ///< The target of the request that it is about, of a client's without the query, or "".
};

/// Called from the server's threads, by several at once, or on the loop of the client that connects; it must not throw,
/// and must not wait.
using log_hook = std::function<void(const log_entry&)>;

}  // namespace twinsocket
