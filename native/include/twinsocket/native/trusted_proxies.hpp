#pragma once

// A setter and its getter take one line each.
// clang-format off

// Reverse proxies whose forwarding headers a server trusts. A plain value for server_options::trusted_proxies.

#include "twinsocket/detail/cxx20.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "twinsocket/detail/lifetime.hpp"

namespace twinsocket {
inline namespace native {

/// The header fields in which a proxy identifies its client.
enum class forwarding_header : std::uint8_t {
  x_forwarded,  ///< X-Forwarded-For and X-Forwarded-Proto.
  forwarded,    ///< Forwarded (RFC 7239), parameters for, proto and host.
};

/// Networks of proxies, and the header that they write. On a connection from one of these networks the client is the last
/// address in the header that is not itself in one of them, because an untrusted party wrote everything to its left. That
/// client is used for request::remote_address(), request::scheme(), the limit per address, the origin check and the log. On
/// every other connection the header is ignored.
class trusted_proxies {
 public:
  /// No proxy is trusted.
  trusted_proxies() = default;
  /// `{"10.0.0.0/8", "::1"}`
  trusted_proxies(std::initializer_list<std::string> networks) : networks_(networks) {}

  /// Trusts an address such as "127.0.0.1", a network such as "10.0.0.0/8" or "fd00::/8", or, with "unix:", every client on
  /// a Unix-domain socket. Call it once per network. Anything else is an error of server::listen().
  trusted_proxies& network(std::string addresses) { networks_.push_back(std::move(addresses)); return *this; }
  /// As written; listen() checks them.
  [[nodiscard]] const std::vector<std::string>& networks() const noexcept TWINSOCKET_LIFETIMEBOUND { return networks_; }

  /// The header that these proxies write. The proxy must append to it or replace it: a proxy that forwards the client's own
  /// header unchanged lets clients forge their address. For that reason the other header is never read. Default:
  /// X-Forwarded-For and X-Forwarded-Proto.
  trusted_proxies& header(forwarding_header which) { header_ = which; return *this; }
  [[nodiscard]] forwarding_header header() const noexcept { return header_; }

 private:
  std::vector<std::string> networks_;
  forwarding_header header_ = forwarding_header::x_forwarded;
};

}  // namespace native
}  // namespace twinsocket
