#pragma once

#include <string_view>

#include "twinsocket/error.hpp"
#include "twinsocket/native/client_options.hpp"
#include "twinsocket/url.hpp"

namespace twinsocket::detail {

/// True for the redirect statuses that are followed: 301, 302, 303, 307 and 308 (RFC 9110 section 15.4).
[[nodiscard]] bool is_redirect(unsigned status) noexcept;

/// Resolves a Location header (RFC 9110 section 10.2.2) by the rules of url::parse(). Fails with errc::handshake_failed if
/// the target is not a WebSocket address, or if it would downgrade wss:// to ws://.
[[nodiscard]] result<url> resolve_redirect(const url& from, std::string_view location);

/// The options for the next server: all of them on the same host and port, else without the secrets of the first server
/// (headers, credentials, client certificate).
[[nodiscard]] client_options redirect_options(client_options options, const url& from, const url& to);

}  // namespace twinsocket::detail
