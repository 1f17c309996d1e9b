#pragma once

// The opening handshake's own arithmetic (RFC 6455 section 4). Who reads and writes the HTTP around it is not known here.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/random.hpp"

namespace twinsocket::detail {

/// The Sec-WebSocket-Accept that proves that the server has read this Sec-WebSocket-Key (section 4.2.2, point 5.4).
[[nodiscard]] std::string accept_key(std::string_view key);

/// A Sec-WebSocket-Key: 16 random bytes in base64 (section 4.1, point 7).
[[nodiscard]] std::string make_key(random_source random);

/// True for the base64 form of 16 bytes.
[[nodiscard]] bool is_valid_key(std::string_view key) noexcept;

/// True when the comma list of a header such as Connection or Upgrade has the token, in whatever case. Where a header
/// comes more than once, ask for each.
[[nodiscard]] bool has_token(std::string_view header_value, std::string_view token) noexcept;

/// True for a token of RFC 9110 section 5.6.2, which is what the name of a subprotocol must be.
[[nodiscard]] bool is_token(std::string_view text) noexcept;

/// Appends the names of a Sec-WebSocket-Protocol header, which stay views into it. False when one is not a token or is
/// in `names` already: section 4.1, point 10 wants them unique. Where the header comes more than once, call it for each.
[[nodiscard]] bool split_subprotocols(std::string_view header_value, std::vector<std::string_view>& names);

/// The first name of the server's that the client offers too, compared as they stand; empty when there is none. The
/// view is into `server_preferences`.
[[nodiscard]] std::string_view select_subprotocol(std::span<const std::string> server_preferences,
                                                  std::span<const std::string_view> offered) noexcept;

}  // namespace twinsocket::detail
