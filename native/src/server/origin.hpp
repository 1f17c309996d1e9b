#pragma once

// Which web pages may open a WebSocket here (RFC 6455 sections 4.2.2 and 10.2). The rule is at
// websocket_options::origin.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twinsocket/error.hpp"

namespace twinsocket::detail {

/// Scheme, host and port of an origin or of a pattern for origins; views into its text.
struct origin_parts {
  std::string_view scheme;
  std::string_view host;  ///< An IPv6 address with its brackets.
  std::string_view port;  ///< Empty where it is not written.
};
/// Nothing for what is no origin; only a pattern may have a "*".
[[nodiscard]] std::optional<origin_parts> split_origin(std::string_view text, bool is_pattern);

class origin_policy {
 public:
  origin_policy() = default;
  /// errc::invalid_argument names a pattern that cannot be used.
  [[nodiscard]] static result<origin_policy> make(std::vector<std::string> patterns, bool any);

  /// Whether a page of this origin may talk to this host: the Origin and the Host of its request. Where the client's scheme
  /// is known, a page of the same host has to have it too.
  [[nodiscard]] bool allows(std::string_view origin, std::string_view host, std::string_view scheme = {}) const;

 private:
  std::vector<std::string> patterns_;
  bool any_ = false;
};

}  // namespace twinsocket::detail
