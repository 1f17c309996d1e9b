#pragma once

// What a client tells of itself to connect_options::log(). No query of an address goes there, and nothing of a body.

#include <memory>
#include <string_view>

#include "connection/connection_state.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/log.hpp"
#include "twinsocket/url.hpp"

namespace twinsocket::detail {

/// Nothing where there is no hook.
void tell_log(const log_hook& to, log_level level, std::string_view event, std::string_view detail, const url& about);

/// Tells of an attempt that failed. `about` is null where the address could not be parsed.
void tell_failure(const log_hook& to, const error& why, const url* about);

/// Tells of a connection that has been opened, and of its end when that has come.
void tell_of(const log_hook& to, const std::shared_ptr<connection_state>& opened, const url& about);

}  // namespace twinsocket::detail
