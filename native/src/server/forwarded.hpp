#pragma once

// What a trusted proxy says of its client: X-Forwarded-For and X-Forwarded-Proto, or Forwarded (RFC 7239).

#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/counts.hpp"
#include "server/gate.hpp"
#include "server/proxy_trust.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/native/request.hpp"
#include "twinsocket/native/response.hpp"

namespace twinsocket::detail {

/// One hop, as the proxy that received it describes it; what it does not say is empty.
struct forwarded_hop {
  std::string client;  ///< A node of RFC 7239 section 6: "192.0.2.43", "[2001:db8::1]:4711", "unknown".
  std::string scheme;  ///< "http" or "https".
  std::string host;
};

/// The hops that the header of a kind tells of, the one next to the server last. errc::protocol_violation where Forwarded
/// is not as RFC 7239 section 4 wants it: who is behind it could then not be told.
[[nodiscard]] result<std::vector<forwarded_hop>> forwarded_hops(const request& asked, forwarding_header which);

/// An address and, where it is there, a port, as it stands in either header: with or without brackets around IPv6.
struct forwarded_address {
  boost::asio::ip::address address;
  std::string text;  ///< For people: "192.0.2.43", "192.0.2.43:4711", "2001:db8::1", "[2001:db8::1]:4711".
};
/// Nothing for what is no address, such as "unknown" or "_hidden".
[[nodiscard]] std::optional<forwarded_address> parse_forwarded_address(std::string_view node);

/// The client that the trusted hops lead to.
struct forwarded_client {
  std::optional<forwarded_address> address;  ///< Nothing where the last trusted proxy does not name its client.
  std::string scheme;                        ///< "http", "https", or "".
  std::string host;                          ///< Or "".
};
[[nodiscard]] forwarded_client find_client(const std::vector<forwarded_hop>& hops, const proxy_trust& proxies);

/// Makes a request that came from a trusted proxy one of the proxy's client, for whom its connection counts from then on. An
/// answer when it is refused: the header is malformed, or the client has too many connections.
[[nodiscard]] std::optional<response> apply_forwarded(request& asked, const proxy_trust& proxies, gate::ticket& connection,
                                                      server_counts& counts);

}  // namespace twinsocket::detail
