#pragma once

// Which proxy a connection goes through, and how that is addressed.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "twinsocket/error.hpp"
#include "twinsocket/url.hpp"

namespace twinsocket::detail {

struct proxy_address {
  enum class protocol : std::uint8_t { http, https, socks5 };

  protocol speaks = protocol::http;
  std::string host;
  std::uint16_t port = 0;
  std::string user;
  std::string password;
  bool has_user = false;

  /// Without the password, for errors: "http://proxy.example:3128".
  [[nodiscard]] std::string text() const;
};

/// Takes the address of a proxy apart; without a scheme it is http://. errc::invalid_argument never shows a password.
[[nodiscard]] result<proxy_address> parse_proxy(std::string_view text);

/// What the environment says about proxies.
struct proxy_environment {
  std::string http;   ///< For ws://.
  std::string https;  ///< For wss://.
  std::string all;    ///< For what has none of its own.
  std::string none;   ///< The hosts that are reached without.

  [[nodiscard]] static proxy_environment of_process();
};

/// The proxy for an address by the rules of Go's httpproxy, or none.
[[nodiscard]] result<std::optional<proxy_address>> proxy_for(const url& address, const proxy_environment& environment);

}  // namespace twinsocket::detail
