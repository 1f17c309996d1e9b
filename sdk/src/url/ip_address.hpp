#pragma once

// IP addresses in URL hosts, in every notation that the parser accepts (WHATWG URL sections 3.5 and 3.6).

#include <optional>
#include <string>
#include <string_view>

namespace twinsocket::detail {

/// True if the last label is a number: the host is then an IPv4 address or invalid.
[[nodiscard]] bool ends_in_number(std::string_view host) noexcept;

/// The normal form of an IPv4 address: "127.1" and "0x7f000001" are 127.0.0.1. Empty if it is invalid.
[[nodiscard]] std::optional<std::string> normalize_ipv4(std::string_view text);

/// The normal form of an IPv6 address without brackets and zone (RFC 5952, with an IPv4 part in hexadecimal). Empty if it
/// is invalid.
[[nodiscard]] std::optional<std::string> normalize_ipv6(std::string_view text);

}  // namespace twinsocket::detail
