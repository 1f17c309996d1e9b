#pragma once

// Parses the header field Sec-WebSocket-Extensions (RFC 6455 section 9.1).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twinsocket::detail {

struct extension_parameter {
  std::string name;
  std::optional<std::string> value;  ///< The value after "=", without quotes.
};

/// An extension that a client offers or a server selected.
struct extension {
  std::string name;
  std::vector<extension_parameter> parameters;
};

/// Appends the extensions of a Sec-WebSocket-Extensions header field. False if it is malformed, which fails the
/// handshake. If the header has several such fields, call this for each.
[[nodiscard]] bool parse_extensions(std::string_view header_value, std::vector<extension>& list);

}  // namespace twinsocket::detail
