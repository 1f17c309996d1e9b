#pragma once

// Proxy selection and proxy URLs.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "twinsocket/error.hpp"
#include "twinsocket/url.hpp"

namespace twinsocket::detail {

struct proxy_address {
  enum class protocol : std::uint8_t { http, https, socks5 };

  protocol kind = protocol::http;
  std::string host;
  std::uint16_t port = 0;
  std::string user;
  std::string password;
  bool has_credentials = false;

  /// The URL without user and password, for error messages: "http://proxy.example:3128".
  [[nodiscard]] std::string text() const;
};

/// Parses the URL of a proxy. The default scheme is http://. Fails with errc::invalid_argument; the detail never contains a
/// password.
[[nodiscard]] result<proxy_address> parse_proxy(std::string_view text);

/// The proxy variables of the environment.
struct proxy_environment {
  std::string http;   ///< For ws:// URLs.
  std::string https;  ///< For wss:// URLs.
  std::string all;    ///< For schemes without a proxy of their own.
  std::string none;   ///< Hosts to connect to without a proxy.

  [[nodiscard]] static proxy_environment from_process();
};

/// The proxy for an address, by the rules of Go's httpproxy; nullopt for a direct connection.
[[nodiscard]] result<std::optional<proxy_address>> proxy_for(const url& address, const proxy_environment& environment);

}  // namespace twinsocket::detail
