#pragma once

// IP addresses as the hosts of URLs, in all the forms in which they may be written (WHATWG URL sections 3.5 and 3.6).

#include <optional>
#include <string>
#include <string_view>

namespace twinsocket::detail {

/// True for a host that is an IPv4 address or no host at all: its last label is a number.
[[nodiscard]] bool ends_in_number(std::string_view host) noexcept;

/// The normal form of an IPv4 address: "127.1" and "0x7f000001" are 127.0.0.1.
[[nodiscard]] std::optional<std::string> normal_ipv4(std::string_view text);

/// The normal form of an IPv6 address without brackets and zone (RFC 5952, with an IPv4 part in hexadecimal).
[[nodiscard]] std::optional<std::string> normal_ipv6(std::string_view text);

}  // namespace twinsocket::detail
