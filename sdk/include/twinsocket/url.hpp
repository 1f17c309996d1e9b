#pragma once

// The address of a WebSocket (RFC 6455 section 3), parsed by the rules that browsers follow, the URL standard of the
// WHATWG (https://url.spec.whatwg.org/). A plain value.

#include "twinsocket/detail/cxx20.hpp"

#include <cstdint>
#include <string>
#include <string_view>

#include "twinsocket/error.hpp"

namespace twinsocket {

namespace detail {

/// Makes a domain name ASCII, "bücher.example" to "xn--bcher-kva.example", and checks one that already is (UTS #46 as
/// the URL standard uses it). Takes UTF-8; "" where the name is none. Natively it is ICU's, in JavaScript the platform's.
[[nodiscard]] std::string domain_to_ascii(std::string_view name);

using domain_to_ascii_function = std::string (*)(std::string_view name);

}  // namespace detail

/// A ws:// or wss:// URL.
class url {
 public:
  /// Parses an absolute address. http: and https: are taken as ws: and wss:. Spaces at the ends, tabs and line breaks are
  /// dropped; what a path or query cannot hold is percent-encoded; the host is made ASCII. errc::invalid_url names the
  /// part that is refused: another scheme, no host, user information, a port that is not 1 to 65535, a fragment, text
  /// that is not UTF-8.
  [[nodiscard]] static result<url> parse(std::string_view given) { return parse(given, nullptr, detail::domain_to_ascii); }
  /// Parses an address that may be relative to `base`.
  [[nodiscard]] static result<url> parse(std::string_view given, const url& base) {
    return parse(given, &base, detail::domain_to_ascii);
  }

  /// True for wss.
  [[nodiscard]] bool secure() const noexcept { return secure_; }
  /// The host in ASCII and lower case; an IPv6 address without brackets and zone.
  [[nodiscard]] const std::string& host() const noexcept { return host_; }
  /// The zone of an IPv6 address, which a URL has as "[fe80::1%25eth0]": "eth0"; "" for none. No browser takes one.
  [[nodiscard]] const std::string& zone() const noexcept { return zone_; }
  /// The port, where none is written 80 for ws and 443 for wss.
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// The path and the query as they go into the request, at least "/". All of it is ASCII.
  [[nodiscard]] const std::string& target() const noexcept { return target_; }
  /// The Host header: the host, an IPv6 address in brackets, and the port unless it is the scheme's own. A zone is of this
  /// machine only, and never sent (RFC 6874 section 4).
  [[nodiscard]] std::string authority() const;
  /// The whole address in its normal form.
  [[nodiscard]] std::string text() const;

 private:
  // The platform's function is named in the header, so that the SDK's library does not need the platform's.
  [[nodiscard]] static result<url> parse(std::string_view text, const url* base, detail::domain_to_ascii_function to_ascii);

  bool secure_ = false;
  std::string host_;
  std::string zone_;
  std::uint16_t port_ = 80;
  std::string target_ = "/";
};

}  // namespace twinsocket
