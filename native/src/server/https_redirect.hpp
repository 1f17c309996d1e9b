#pragma once

// Where a request that came without TLS is served with it.

#include <cstdint>
#include <string>

#include "twinsocket/native/request.hpp"
#include "twinsocket/native/response.hpp"

namespace twinsocket::detail {

/// The same host, path and query at https:// and this port, with 308, so that the method stays as it is. 400 where the request
/// does not say what host it is for.
[[nodiscard]] response redirect_to_https(const request& asked, std::uint16_t port);

}  // namespace twinsocket::detail
