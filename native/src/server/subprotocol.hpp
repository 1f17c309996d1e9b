#pragma once

// The server's choice of a subprotocol.

#include <string>

#include "twinsocket/error.hpp"
#include "twinsocket/native/options.hpp"
#include "twinsocket/native/request.hpp"

namespace twinsocket::detail {

/// The subprotocol as the response names it, with or without a heartbeat, or "" for none. errc::protocol_violation if the
/// client's offer is not a list of distinct tokens (section 4.1, point 10). errc::invalid_argument if a chooser returned a
/// subprotocol that was not offered.
[[nodiscard]] result<std::string> negotiate_subprotocol(const request& req, const websocket_options& options);

}  // namespace twinsocket::detail
