#pragma once

// The WebSocket-specific parts of the opening handshake (RFC 6455 section 4). HTTP is handled elsewhere.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/random.hpp"

namespace twinsocket::detail {

/// The Sec-WebSocket-Accept for this Sec-WebSocket-Key (section 4.2.2, point 5.4).
[[nodiscard]] std::string accept_key(std::string_view key);

/// A new Sec-WebSocket-Key: 16 random bytes in base64 (section 4.1, point 7).
[[nodiscard]] std::string make_key(random_source random);

/// True for 16 bytes in base64.
[[nodiscard]] bool is_valid_key(std::string_view key) noexcept;

/// True if a comma-separated header field such as Connection or Upgrade contains the token, ignoring case. If the header
/// has several such fields, call this for each.
[[nodiscard]] bool has_token(std::string_view header_value, std::string_view token) noexcept;

/// True for a token by RFC 9110 section 5.6.2. The name of a subprotocol must be one.
[[nodiscard]] bool is_token(std::string_view text) noexcept;

/// Appends the names in a Sec-WebSocket-Protocol header field, as views into it. False if one is not a token or is in
/// `names` already: section 4.1, point 10 requires unique names. If the header has several such fields, call this for
/// each.
[[nodiscard]] bool parse_subprotocols(std::string_view header_value, std::vector<std::string_view>& names);

/// The first of the server's names that the client offers as well. Case-sensitive. Empty if there is none. The result is
/// a view into `server_preferences`.
[[nodiscard]] std::string_view select_subprotocol(std::span<const std::string> server_preferences,
                                                  std::span<const std::string_view> offered) noexcept;

}  // namespace twinsocket::detail
