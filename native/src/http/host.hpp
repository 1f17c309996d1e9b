#pragma once

// Hosts with a port, as in the Host field, in request targets and in origins (RFC 9110 section 7.2, RFC 3986 section 3.2).

#include <cstdint>
#include <string>
#include <string_view>

namespace twinsocket::detail {

/// "example.com:80", "[::1]:80". `host` is a name or an address; an IPv6 address has no brackets.
[[nodiscard]] std::string host_with_port(std::string_view host, unsigned port);

/// The parts of "host:port", as views into it.
struct host_and_port {
  std::string_view host;  ///< An IPv6 address has its brackets.
  std::string_view port;  ///< Empty if absent.
  bool has_port = false;  ///< True for "host:", too.
};
/// Splits at the first colon behind the address in brackets, if there is one. Validates neither part.
[[nodiscard]] host_and_port split_port(std::string_view text) noexcept;

/// Whether the text has only characters of a host and port (RFC 9112 section 3.2). True for "".
[[nodiscard]] bool is_valid_host(std::string_view host) noexcept;

}  // namespace twinsocket::detail
