#pragma once

// A WebSocket URL (RFC 6455 section 3), parsed as in browsers, by the URL Standard of the WHATWG
// (https://url.spec.whatwg.org/). A plain value.

#include "twinsocket/detail/cxx20.hpp"

#include <cstdint>
#include <string>
#include <string_view>

#include "twinsocket/detail/lifetime.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket {

namespace detail {

/// Converts a domain name to ASCII, "bücher.example" to "xn--bcher-kva.example", and validates one that is ASCII
/// already (UTS #46 as in the URL Standard). Takes UTF-8. Returns "" for an invalid name. Implemented by ICU natively
/// and by the platform in JavaScript.
[[nodiscard]] std::string domain_to_ascii(std::string_view name);

using domain_to_ascii_function = std::string (*)(std::string_view name);

/// True if the host of this URL is localhost, a subdomain of it, or a loopback address. False for an invalid URL and for a
/// host that is not ASCII.
[[nodiscard]] bool is_loopback(std::string_view address);

}  // namespace detail

/// A ws:// or wss:// URL.
class url {
 public:
  /// Parses an absolute URL. http: and https: are accepted as ws: and wss:. Spaces at the ends, tabs and line breaks
  /// are removed. Characters that a path or query cannot contain are percent-encoded. The host is converted to ASCII.
  /// errc::invalid_url names the part that is rejected: another scheme, no host, user information, a port that is not 1
  /// to 65535, a fragment, text that is not UTF-8.
  [[nodiscard]] static result<url> parse(std::string_view given) {
    return parse(given, nullptr, detail::domain_to_ascii);
  }
  /// Parses a URL that may be relative to `base`.
  [[nodiscard]] static result<url> parse(std::string_view given, const url& base) {
    return parse(given, &base, detail::domain_to_ascii);
  }

  /// True for wss.
  [[nodiscard]] bool secure() const noexcept { return secure_; }
  /// The host in ASCII and lower case; an IPv6 address without brackets and zone.
  [[nodiscard]] const std::string& host() const noexcept TWINSOCKET_LIFETIMEBOUND { return host_; }
  /// The zone of an IPv6 address, which is written as "[fe80::1%25eth0]" in a URL: "eth0", or "". Browsers accept none.
  [[nodiscard]] const std::string& zone() const noexcept TWINSOCKET_LIFETIMEBOUND { return zone_; }
  /// The port. Default: 80 for ws, 443 for wss.
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// The request target: the path and the query, at least "/". All of it is ASCII.
  [[nodiscard]] const std::string& target() const noexcept TWINSOCKET_LIFETIMEBOUND { return target_; }
  /// The Host header field: the host, an IPv6 address in brackets, and the port unless it is the scheme's default. A
  /// zone is local to this machine and never sent (RFC 6874 section 4).
  [[nodiscard]] std::string authority() const;
  /// The complete, normalised URL.
  [[nodiscard]] std::string text() const;

 private:
  friend bool detail::is_loopback(std::string_view address);

  // The platform's function is named in the header, so that the SDK library does not depend on the platform's.
  [[nodiscard]] static result<url> parse(std::string_view text, const url* base,
                                         detail::domain_to_ascii_function to_ascii);

  bool secure_ = false;
  std::string host_;
  std::string zone_;
  std::uint16_t port_ = 80;
  std::string target_ = "/";
};

}  // namespace twinsocket
