#pragma once

// Decides which web pages may open a WebSocket (RFC 6455 sections 4.2.2 and 10.2). The rules are at
// websocket_options::origin.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twinsocket/error.hpp"

namespace twinsocket::detail {

/// Scheme, host and port of an origin or an origin pattern, as views into its text.
struct origin_parts {
  std::string_view scheme;
  std::string_view host;  ///< An IPv6 address has its brackets.
  std::string_view port;  ///< Empty if absent.
};
/// Empty if the text is not an origin. Only a pattern may contain "*".
[[nodiscard]] std::optional<origin_parts> split_origin(std::string_view text, bool is_pattern);

class origin_policy {
 public:
  origin_policy() = default;
  /// errc::invalid_argument names an invalid pattern.
  [[nodiscard]] static result<origin_policy> make(std::vector<std::string> patterns, bool any);

  /// Whether the Origin of a request is allowed, given its Host. `scheme` is the client's scheme, if a proxy names it: then
  /// a page of the same host must have the same scheme.
  [[nodiscard]] bool allows(std::string_view origin, std::string_view host, std::string_view scheme = {}) const;

 private:
  std::vector<std::string> patterns_;
  bool any_ = false;
};

}  // namespace twinsocket::detail
