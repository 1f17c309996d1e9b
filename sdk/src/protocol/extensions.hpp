#pragma once

// The header Sec-WebSocket-Extensions (RFC 6455 section 9.1), as a list of what it names.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twinsocket::detail {

struct extension_parameter {
  std::string name;
  std::optional<std::string> value;  ///< What stands behind "=", without its quotes.
};

/// One that a client offers, or that a server chose.
struct extension {
  std::string name;
  std::vector<extension_parameter> parameters;
};

/// Appends what a Sec-WebSocket-Extensions header lists. False when it is not as the grammar wants it, which has to fail
/// the handshake. Where the header comes more than once, call it for each.
[[nodiscard]] bool split_extensions(std::string_view header_value, std::vector<extension>& list);

}  // namespace twinsocket::detail
