#pragma once

// The address of a WebSocket (RFC 6455 section 3), taken apart. A plain value.

#include <cstdint>
#include <string>
#include <string_view>

#include "twinsocket/error.hpp"

namespace twinsocket {

/// A ws:// or wss:// URL.
class url {
 public:
  /// Takes an address apart. errc::invalid_url names the part that is refused: another scheme, no host, user
  /// information, a port that is not 1 to 65535, a fragment, spaces and control characters.
  [[nodiscard]] static result<url> parse(std::string_view text);

  /// True for wss.
  [[nodiscard]] bool secure() const noexcept { return secure_; }
  /// The host in lower case; an IPv6 address without its brackets.
  [[nodiscard]] const std::string& host() const noexcept { return host_; }
  /// The port, where none is written 80 for ws and 443 for wss.
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// The path and the query as they go into the request, at least "/".
  [[nodiscard]] const std::string& target() const noexcept { return target_; }
  /// The Host header: the host, an IPv6 address in brackets, and the port unless it is the scheme's own.
  [[nodiscard]] std::string authority() const;
  /// The whole address in its normal form.
  [[nodiscard]] std::string text() const;

 private:
  bool secure_ = false;
  std::string host_;
  std::uint16_t port_ = 80;
  std::string target_ = "/";
};

}  // namespace twinsocket
