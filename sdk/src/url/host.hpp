#pragma once

// The host of a URL (WHATWG URL section 3.5), with IPv6 zones (RFC 6874) in addition.

#include <string>
#include <string_view>

#include "twinsocket/url.hpp"

namespace twinsocket::detail {

struct url_host {
  std::string name;  ///< A name in lower-case ASCII, or an address in its normal form without brackets.
  std::string zone;  ///< The zone of an IPv6 address: "eth0". "" for none.
};

/// Parses a host; an IPv6 address is in brackets. Returns what is wrong with it, or "" on success.
[[nodiscard]] std::string parse_host(std::string_view text, domain_to_ascii_function to_ascii, url_host& out);

/// The host as a URL has it: an IPv6 address in brackets, without its zone.
[[nodiscard]] std::string host_in_url(std::string_view name);

}  // namespace twinsocket::detail
