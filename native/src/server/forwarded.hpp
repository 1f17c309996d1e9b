#pragma once

// The client that a trusted proxy names: X-Forwarded-For and X-Forwarded-Proto, or Forwarded (RFC 7239).

#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/connection_limiter.hpp"
#include "server/server_metrics.hpp"
#include "server/trusted_proxy_set.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/native/request.hpp"
#include "twinsocket/native/response.hpp"

namespace twinsocket::detail {

/// One hop, as described by the proxy that received the request. Empty members are unknown.
struct forwarded_hop {
  std::string client;  ///< A node of RFC 7239 section 6: "192.0.2.43", "[2001:db8::1]:4711", "unknown".
  std::string scheme;  ///< "http" or "https".
  std::string host;
};

/// The hops in this kind of header, the one nearest to the server last. errc::protocol_violation if Forwarded is malformed
/// (RFC 7239 section 4), because the client would then be ambiguous.
[[nodiscard]] result<std::vector<forwarded_hop>> forwarded_hops(const request& req, forwarding_header which);

/// An address with an optional port, as in either header: IPv6 with or without brackets.
struct forwarded_address {
  boost::asio::ip::address address;
  std::string text;  ///< For display: "192.0.2.43", "192.0.2.43:4711", "2001:db8::1", "[2001:db8::1]:4711".
};
/// Empty if the node is not an address, such as "unknown" or "_hidden".
[[nodiscard]] std::optional<forwarded_address> parse_forwarded_address(std::string_view node);

/// The client in front of the trusted proxies.
struct forwarded_client {
  std::optional<forwarded_address> address;  ///< Empty if the outermost trusted proxy does not name its client.
  std::string scheme;                        ///< "http", "https", or "".
  std::string host;                          ///< Or "".
};
[[nodiscard]] forwarded_client find_client(const std::vector<forwarded_hop>& hops, const trusted_proxy_set& proxies);

/// Sets address, scheme and host of a request from a trusted proxy to those of the proxy's client, and counts the connection
/// for that client. Returns the error response if the header is malformed or the client has too many connections.
[[nodiscard]] std::optional<response> apply_forwarded(request& req, const trusted_proxy_set& proxies,
                                                      connection_limiter::lease& connection, server_metrics& metrics);

}  // namespace twinsocket::detail
