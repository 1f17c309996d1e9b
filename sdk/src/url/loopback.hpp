#pragma once

// Loopback hosts.

#include <algorithm>
#include <string_view>

namespace twinsocket::detail {

/// True for localhost and its subdomains (RFC 6761 section 6.3), 127.0.0.0/8 and ::1, in the form of url::host().
[[nodiscard]] inline bool is_loopback_host(std::string_view host) noexcept {
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host == "localhost" || host.ends_with(".localhost") || host == "::1" || host == "[::1]") return true;
  return host.starts_with("127.") &&
         std::all_of(host.begin(), host.end(), [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

}  // namespace twinsocket::detail
