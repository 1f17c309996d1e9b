#pragma once

#include <string_view>

#include "twinsocket/error.hpp"
#include "twinsocket/native/connect_options.hpp"
#include "twinsocket/url.hpp"

namespace twinsocket::detail {

/// True for the statuses that lead elsewhere (RFC 9110 section 15.4).
[[nodiscard]] bool is_redirect(unsigned status) noexcept;

/// Where a Location header leads (RFC 9110 section 10.2.2), by the rules of url::parse(). errc::handshake_failed where that is no WebSocket, or one without
/// TLS while the way there had it.
[[nodiscard]] result<url> redirected(const url& from, std::string_view location);

/// What of the options is for the next server too: all of it on the same host and port, else nothing that is a secret of
/// the first one.
[[nodiscard]] native::connect_options carried_over(native::connect_options options, const url& from, const url& to);

}  // namespace twinsocket::detail
