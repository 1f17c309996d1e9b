#pragma once

// The events that a client reports to connect_options::log(). They contain no URL query and nothing of a response body.

#include <memory>
#include <string_view>

#include "connection/connection_state.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/log.hpp"
#include "twinsocket/url.hpp"

namespace twinsocket::detail {

/// Does nothing if no hook is set.
void log_event(const log_hook& to, log_level level, std::string_view event, std::string_view detail, const url& about);

/// Logs a failed connection attempt. `about` is null if the URL could not be parsed.
void log_failure(const log_hook& to, const error& why, const url* about);

/// Logs that the connection was opened and, later, that it closed.
void log_opened(const log_hook& to, const std::shared_ptr<connection_state>& opened, const url& about);

}  // namespace twinsocket::detail
