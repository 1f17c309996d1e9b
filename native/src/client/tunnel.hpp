#pragma once

// From a connection to a proxy to one that leads through it.

#include <cstdint>
#include <string>

#include "client/proxy_address.hpp"
#include "transport/byte_stream.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {

/// Asks the proxy at the other end of the stream for a connection to a host, by CONNECT or SOCKS5. errc::connect_failed
/// says what the proxy answered. `proxy` and the stream outlive it.
[[nodiscard]] task<result<void>> tunnel_to(byte_stream& stream, const proxy_address& proxy, std::string host,
                                           std::uint16_t port);

/// The value of a header for Basic authentication (RFC 7617).
[[nodiscard]] std::string basic_credentials(const std::string& user, const std::string& password);

}  // namespace twinsocket::detail
