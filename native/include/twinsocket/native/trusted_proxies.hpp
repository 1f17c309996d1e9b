#pragma once

// Which reverse proxies a server believes when they say who the client is. A plain value for
// server_options::trusted_proxies.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace twinsocket {

/// The header fields in which a proxy names its client.
enum class forwarding_header : std::uint8_t {
  x_forwarded,  ///< X-Forwarded-For and X-Forwarded-Proto.
  forwarded,    ///< Forwarded (RFC 7239): its parameters for, proto and host.
};

/// Networks of proxies, and the header that they write. For a connection that comes from one of them the client is the
/// last address in that header which is not itself in one of the networks, because everything to its left was written by
/// somebody who is not trusted. request::remote_address(), request::scheme(), the limits per address, the check of the
/// origin and the log use that client. The header is ignored in all other connections, and in all where there are no
/// networks.
class trusted_proxies {
 public:
  /// No proxy is trusted.
  trusted_proxies() = default;
  /// `{"10.0.0.0/8", "::1"}`
  trusted_proxies(std::initializer_list<std::string> networks) : networks_(networks) {}

  /// Trusts an address such as "127.0.0.1", a network such as "10.0.0.0/8" or "fd00::/8", or with "unix:" whoever connects
  /// by a Unix-domain socket. Call it once for each. Anything else is an error of server::listen().
  trusted_proxies& network(std::string addresses) { networks_.push_back(std::move(addresses)); return *this; }
  [[nodiscard]] const std::vector<std::string>& networks() const noexcept { return networks_; }

  /// The header that these proxies write. Default: X-Forwarded-For and X-Forwarded-Proto. The proxy has to add to it or to
  /// replace it. One that passes on what the client wrote lets every client choose its address, which is why the other
  /// header is never read.
  trusted_proxies& header(forwarding_header which) { header_ = which; return *this; }
  [[nodiscard]] forwarding_header header() const noexcept { return header_; }

 private:
  std::vector<std::string> networks_;
  forwarding_header header_ = forwarding_header::x_forwarded;
};

}  // namespace twinsocket
