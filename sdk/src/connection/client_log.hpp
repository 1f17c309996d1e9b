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
void tell_log(const log_hook& to, log_level level, std::string_view event, std::string_view detail, const url& about);

/// Logs a failed connection attempt. `about` is null if the URL could not be parsed.
void tell_failure(const log_hook& to, const error& why, const url* about);

/// Logs that the connection was opened and, later, that it closed.
void tell_of(const log_hook& to, const std::shared_ptr<connection_state>& opened, const url& about);

}  // namespace twinsocket::detail
