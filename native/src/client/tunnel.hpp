#pragma once

// Opens a tunnel through a proxy.

#include <cstdint>
#include <string>

#include "client/proxy_address.hpp"
#include "transport/http_stream.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {

/// Requests a connection to a host from the proxy at the other end of the stream, by CONNECT or SOCKS5. Fails with
/// errc::connect_failed; the detail has the proxy's response. `proxy` and the stream must outlive the await.
[[nodiscard]] task<result<void>> open_tunnel(http_stream& stream, const proxy_address& proxy, std::string host,
                                             std::uint16_t port);

/// The value of an Authorization header for Basic authentication (RFC 7617).
[[nodiscard]] std::string basic_credentials(const std::string& user, const std::string& password);

}  // namespace twinsocket::detail
