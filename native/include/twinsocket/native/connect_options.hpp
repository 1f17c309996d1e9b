#pragma once

// Opening a connection with what only a native client can do.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "twinsocket/connect.hpp"
#include "twinsocket/native/compression.hpp"
#include "twinsocket/native/cookies.hpp"
#include "twinsocket/native/tls.hpp"

namespace twinsocket::native {

/// What both platforms have, and more:
///
///   co_await native::connect(url, native::connect_options(connect_options().subprotocol("feed")).compression(true));
///
/// An option that cannot be used is errc::invalid_argument, which names it.
class connect_options {
 public:
  connect_options(twinsocket::connect_options common = {}) : common_(std::move(common)) {}
  /// What both platforms have.
  connect_options& common(twinsocket::connect_options values) { common_ = std::move(values); return *this; }
  [[nodiscard]] const twinsocket::connect_options& common() const noexcept { return common_; }
  [[nodiscard]] twinsocket::connect_options& common() noexcept { return common_; }

  /// Offers to compress messages: no. Whether the server takes the offer is its choice; an answer to it that RFC 7692
  /// section 7.1 does not allow is errc::handshake_failed, and an option out of its range errc::invalid_argument.
  connect_options& compression(const compression_options& values) { compression_ = values; return *this; }
  [[nodiscard]] const compression_options& compression() const noexcept { return compression_; }

  // What the server is asked with.

  /// Adds a header to the request; call it once for each. Those of the handshake itself (Host, Origin, Connection,
  /// Upgrade, Sec-WebSocket-...) and those that frame a body are refused by name.
  connect_options& header(std::string name, std::string value) {
    headers_.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& headers() const noexcept { return headers_; }

  /// The Host header: that of the URL. It changes neither where is connected to nor what TLS checks.
  connect_options& host(std::string value) { host_ = std::move(value); return *this; }
  [[nodiscard]] const std::string& host() const noexcept { return host_; }

  /// The Origin header (RFC 6455 section 10.2): none, which servers take for a client that is no browser.
  connect_options& origin(std::string value) { origin_ = std::move(value); return *this; }
  [[nodiscard]] const std::string& origin() const noexcept { return origin_; }

  /// Sends a user and a password (RFC 7617): none. Over ws:// everybody on the way can read them.
  connect_options& basic_auth(std::string user, std::string password) {
    basic_auth_ = std::pair(std::move(user), std::move(password));
    return *this;
  }
  [[nodiscard]] const std::optional<std::pair<std::string, std::string>>& basic_auth() const noexcept {
    return basic_auth_;
  }

  /// Sends the cookies of a jar, and puts those in that the server sets: none. The jar must outlive the connecting.
  connect_options& cookies(cookie_jar& jar) { cookies_ = &jar; return *this; }
  [[nodiscard]] cookie_jar* cookies() const noexcept { return cookies_; }

  /// How many redirects (301, 302, 303, 307, 308) are followed: 5; 0 follows none, and gives the answer in the error.
  /// http:// and https:// in them stand for ws:// and wss://. From wss:// to ws:// none leads. To another host or port
  /// neither header(), basic_auth(), host() nor a client certificate goes along; a jar has its own rules.
  connect_options& max_redirects(unsigned count) { max_redirects_ = count; return *this; }
  [[nodiscard]] unsigned max_redirects() const noexcept { return max_redirects_; }

  // The way to the server.

  /// How TLS is spoken, for wss:// and for a proxy that is reached by https://.
  connect_options& tls(tls_options values) { tls_ = std::move(values); return *this; }
  [[nodiscard]] const tls_options& tls() const noexcept { return tls_; }

  /// Goes through a proxy: http://host:port or https://host:port (CONNECT, RFC 9110 section 9.3.6), or
  /// socks5://host:port (RFC 1928); with user:password@ before the host where it wants that. The proxy is told the name of
  /// the server, and looks it up itself.
  ///
  /// By default the environment decides, by the rules of Go's httpproxy: HTTPS_PROXY for wss://, HTTP_PROXY for ws://,
  /// ALL_PROXY for both, or the same in lower case; none for localhost, loopback addresses and what NO_PROXY names: hosts
  /// with what is below them (example.com), only what is below (.example.com), addresses, networks (10.0.0.0/8), each
  /// with or without a port, or * for all.
  connect_options& proxy(std::string url) { proxy_ = std::move(url); return *this; }
  /// Goes through none, whatever the environment says.
  connect_options& no_proxy() { proxy_.emplace(); return *this; }
  /// "" for none; nothing where the environment decides.
  [[nodiscard]] const std::optional<std::string>& proxy() const noexcept { return proxy_; }

  /// Connects to a Unix-domain socket instead of to the URL's host, which then only names the server. Without a proxy.
  connect_options& unix_socket(std::string path) { unix_socket_ = std::move(path); return *this; }
  [[nodiscard]] const std::string& unix_socket() const noexcept { return unix_socket_; }

  /// Makes the connection to a host and a port: gives the descriptor of a connected stream socket, of whatever family,
  /// which from then on is the library's. What is no socket can be had by a socketpair. Without a proxy.
  using socket_maker = std::function<task<result<int>>(std::string host, std::uint16_t port)>;
  connect_options& dial_with(socket_maker function) { socket_maker_ = std::move(function); return *this; }
  [[nodiscard]] const socket_maker& dialler() const noexcept { return socket_maker_; }

 private:
  twinsocket::connect_options common_;
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
  socket_maker socket_maker_;
};

/// As twinsocket::connect(). Where a host has several addresses they are tried in turn, the next one 250 ms after the one
/// before or as soon as that fails (RFC 8305); the first that answers is taken. The time limit is for all of it: the host's
/// name, the addresses, a proxy, TLS, redirects.
[[nodiscard]] task<result<connection>> connect(std::string url, connect_options options);

}  // namespace twinsocket::native
