#pragma once

// The server's response when it does not open a WebSocket (RFC 6455 section 4.2.2). A plain value, usable from any
// thread.

#include "twinsocket/detail/cxx20.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "twinsocket/detail/lifetime.hpp"

namespace twinsocket {

/// The HTTP response that rejected an opening handshake: error::response() of connect(). Browsers do not expose it to a
/// page.
class handshake_response {
 public:
  /// Name and value, as received.
  using header_field = std::pair<std::string, std::string>;

  handshake_response(int status, std::vector<header_field> headers, std::string body)
      : status_(status), headers_(std::move(headers)), body_(std::move(body)) {}

  /// The HTTP status code, such as 403.
  [[nodiscard]] int status() const noexcept { return status_; }
  /// All header fields. Several may have the same name.
  [[nodiscard]] const std::vector<header_field>& headers() const noexcept TWINSOCKET_LIFETIMEBOUND { return headers_; }
  /// The value of the first header field with this name, ignoring case, or "".
  [[nodiscard]] std::string_view header(std::string_view name) const& noexcept TWINSOCKET_LIFETIMEBOUND;
  std::string_view header(std::string_view name) const&& = delete;
  /// The first 1,024 bytes of the body.
  [[nodiscard]] const std::string& body() const noexcept TWINSOCKET_LIFETIMEBOUND { return body_; }

 private:
  int status_;
  std::vector<header_field> headers_;
  std::string body_;
};

}  // namespace twinsocket
