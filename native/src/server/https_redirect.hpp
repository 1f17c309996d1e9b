#pragma once

// Redirects requests without TLS to https://.

#include <cstdint>
#include <string>

#include "twinsocket/native/request.hpp"
#include "twinsocket/native/response.hpp"

namespace twinsocket::detail {

/// A redirect to the same host, path and query at https:// and this port, with 308, which preserves the method. 400 if the
/// request has no Host.
[[nodiscard]] response redirect_to_https(const request& req, std::uint16_t port);

}  // namespace twinsocket::detail
