#pragma once

// Log events of a server or a client. None unless server_options::log or connect_options::log() is set. No entry
// contains a password, a token, a cookie, the query of a URL or the content of a message.

#include "twinsocket/detail/cxx20.hpp"

#include <cstdint>
#include <functional>
#include <string_view>

namespace twinsocket {

/// How important a log entry is, the least important first.
enum class log_level : std::uint8_t {
  debug,    ///< Routine events: requests, connections and their ends.
  info,     ///< For an operator: starting and stopping, rejections, reconnecting.
  warning,  ///< Unexpected events that the server handles.
  error,    ///< A fault of the program: a handler that throws.
};

/// One event. The views are valid during the call.
struct log_entry {
  log_level level;                  ///< Compare with `<` to leave out the less important.
  std::string_view event;           ///< A fixed phrase to count by, such as "upgrade refused".
  std::string_view detail;          ///< Human-readable: what happened, and why.
  std::string_view remote_address;  ///< The peer concerned, or "".
  std::string_view target;          ///< The request target concerned (of a client without the query), or "".
};

/// Called from the server's threads, by several at once, or on the event loop of the connecting client. Must not throw
/// or block.
using log_hook = std::function<void(const log_entry&)>;

}  // namespace twinsocket
