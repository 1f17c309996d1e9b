#pragma once

// A setter and its getter take one line each.
// clang-format off

// Connection options of native clients.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "twinsocket/connect.hpp"
#include "twinsocket/detail/lifetime.hpp"
#include "twinsocket/native/compression.hpp"
#include "twinsocket/native/cookies.hpp"
#include "twinsocket/native/tls.hpp"

namespace twinsocket {
inline namespace native {

/// The options common to native clients and browsers, and those that only a native client has:
///
///   co_await connect(url, client_options(connect_options().subprotocol("feed")).compression(true));
///
/// An invalid option fails with errc::invalid_argument; the message names it.
class client_options {
 public:
  client_options(connect_options common = {}) : common_(std::move(common)) {}
  /// The options common to native clients and browsers.
  client_options& common(connect_options values) { common_ = std::move(values); return *this; }
  [[nodiscard]] const connect_options& common() const noexcept TWINSOCKET_LIFETIMEBOUND { return common_; }
  [[nodiscard]] connect_options& common() noexcept { return common_; }

  /// Offers permessage-deflate. The server may decline. A response that RFC 7692 section 7.1 does not allow fails with
  /// errc::handshake_failed, an option out of range with errc::invalid_argument. Default: off.
  client_options& compression(const compression_options& values) { compression_ = values; return *this; }
  [[nodiscard]] const compression_options& compression() const noexcept TWINSOCKET_LIFETIMEBOUND { return compression_; }

  // The handshake request.

  /// Adds a header to the request. Call it once per header. Headers of the handshake itself (Host, Origin, Connection,
  /// Upgrade, Sec-WebSocket-...) and those that frame a body are refused with an error that names them.
  client_options& header(std::string name, std::string value) {
    headers_.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  /// Names and values, in the order of the calls of header().
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& headers() const noexcept TWINSOCKET_LIFETIMEBOUND { return headers_; }

  /// Overrides the Host header. Affects neither the address to connect to nor certificate verification. Default: the URL's
  /// host.
  client_options& host(std::string value) { host_ = std::move(value); return *this; }
  [[nodiscard]] const std::string& host() const noexcept TWINSOCKET_LIFETIMEBOUND { return host_; }

  /// The Origin header (RFC 6455 section 10.2). Default: none, which tells servers that the client is not a browser.
  client_options& origin(std::string value) { origin_ = std::move(value); return *this; }
  [[nodiscard]] const std::string& origin() const noexcept TWINSOCKET_LIFETIMEBOUND { return origin_; }

  /// Sends HTTP Basic credentials (RFC 7617). Over ws:// anybody on the network path can read them. Default: none.
  client_options& basic_auth(std::string user, std::string password) {
    basic_auth_ = std::pair(std::move(user), std::move(password));
    return *this;
  }
  [[nodiscard]] const std::optional<std::pair<std::string, std::string>>& basic_auth() const noexcept {
    return basic_auth_;
  }

  /// Sends the cookies of a jar and stores those that the server sets. The jar must outlive the connection attempt.
  /// Default: none.
  client_options& cookies(cookie_jar& jar) { cookies_ = &jar; return *this; }
  [[nodiscard]] cookie_jar* cookies() const noexcept { return cookies_; }

  /// Maximum number of redirects (301, 302, 303, 307, 308) to follow. 0 follows none; the error then holds the response.
  /// http:// and https:// targets are read as ws:// and wss://. A redirect from wss:// to ws:// is refused. header(),
  /// basic_auth(), host() and the client certificate are not sent to another host or port; cookies follow the rules of the
  /// jar. Default: 5.
  client_options& max_redirects(unsigned count) { max_redirects_ = count; return *this; }
  [[nodiscard]] unsigned max_redirects() const noexcept { return max_redirects_; }

  // The transport.

  /// TLS options, for wss:// and for an https:// proxy.
  client_options& tls(tls_options values) { tls_ = std::move(values); return *this; }
  [[nodiscard]] const tls_options& tls() const noexcept TWINSOCKET_LIFETIMEBOUND { return tls_; }

  /// Connects through a proxy: http://host:port or https://host:port (CONNECT, RFC 9110 section 9.3.6), or
  /// socks5://host:port (RFC 1928). Credentials go before the host as user:password@. The proxy resolves the server's name.
  ///
  /// Default: the environment variables, by the rules of Go's httpproxy. HTTPS_PROXY applies to wss://, HTTP_PROXY to ws://,
  /// ALL_PROXY to both; the lower-case names work too. No proxy is used for localhost, loopback addresses and the entries of
  /// NO_PROXY: a domain and its subdomains (example.com), subdomains only (.example.com), an address or a network
  /// (10.0.0.0/8), each with an optional port, or * for all.
  client_options& proxy(std::string url) { proxy_ = std::move(url); return *this; }
  /// Uses no proxy and ignores the environment variables.
  client_options& no_proxy() { proxy_.emplace(); return *this; }
  /// "" if no_proxy() was called, std::nullopt if the environment decides.
  [[nodiscard]] const std::optional<std::string>& proxy() const noexcept TWINSOCKET_LIFETIMEBOUND { return proxy_; }

  /// Connects to a Unix-domain socket instead of the URL's host, which then only names the server (Host header, TLS). Uses
  /// no proxy, and cannot be combined with proxy() or socket_factory().
  client_options& unix_socket(std::string path) { unix_socket_ = std::move(path); return *this; }
  [[nodiscard]] const std::string& unix_socket() const noexcept TWINSOCKET_LIFETIMEBOUND { return unix_socket_; }

  /// Connects to a host and a port. Returns the descriptor of a connected stream socket of any address family; the library
  /// takes ownership. Use socketpair(2) to bridge a transport that is not a socket.
  using socket_factory_function = std::function<task<result<int>>(std::string host, std::uint16_t port)>;
  /// Opens the socket by a function. Uses no proxy, and cannot be combined with proxy() or unix_socket(). Default:
  /// none.
  client_options& socket_factory(socket_factory_function function) { socket_factory_ = std::move(function); return *this; }
  [[nodiscard]] const socket_factory_function& socket_factory() const noexcept TWINSOCKET_LIFETIMEBOUND { return socket_factory_; }

 private:
  connect_options common_;
  compression_options compression_{false};
  std::vector<std::pair<std::string, std::string>> headers_;
  std::string host_;
  std::string origin_;
  std::optional<std::pair<std::string, std::string>> basic_auth_;
  cookie_jar* cookies_ = nullptr;
  unsigned max_redirects_ = 5;
  tls_options tls_;
  std::optional<std::string> proxy_;
  std::string unix_socket_;
  socket_factory_function socket_factory_;
};

/// As connect() with connect_options. If a host has several addresses, a new attempt starts every 250 ms, or as soon as the
/// previous one fails (Happy Eyeballs, RFC 8305); the first that connects is used. The time limit covers everything: name
/// resolution, connection attempts, proxy, TLS, redirects.
[[nodiscard]] task<result<connection>> connect(std::string url, client_options options);

}  // namespace native
}  // namespace twinsocket
