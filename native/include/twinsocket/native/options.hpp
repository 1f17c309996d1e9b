#pragma once

// A setter and its getter take one line each.
// clang-format off

// Server configuration. Every limit has a finite default.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "twinsocket/detail/lifetime.hpp"
#include "twinsocket/keepalive.hpp"
#include "twinsocket/limits.hpp"
#include "twinsocket/native/attributes.hpp"
#include "twinsocket/native/client_certificate.hpp"
#include "twinsocket/native/compression.hpp"
#include "twinsocket/native/handler.hpp"
#include "twinsocket/native/listener.hpp"
#include "twinsocket/native/log.hpp"
#include "twinsocket/native/response.hpp"
#include "twinsocket/native/tls.hpp"
#include "twinsocket/native/trusted_proxies.hpp"

namespace twinsocket {
inline namespace native {

/// The decision on a request: accepted, or refused with a response.
class admission {
 public:
  /// Accepts the request.
  admission() = default;
  /// Refuses the request with this response.
  admission(response refusal) : refusal_(std::move(refusal)), refused_(true) {}

  /// Adds a header, such as Set-Cookie, to the response that accepts the request. Headers of the handshake itself are not
  /// allowed.
  admission& header(std::string name, std::string value) {
    accepted_.header(std::move(name), std::move(value));
    return *this;
  }
  /// The headers of header(), in the order of the calls.
  [[nodiscard]] const std::vector<header_field>& headers() const noexcept TWINSOCKET_LIFETIMEBOUND { return accepted_.headers(); }

  /// Attaches a value to the request for the handler: `admission().attach(user{"jan"})`, read by `req.attribute<user>()`.
  /// One value per type. The type need not be copyable.
  template <class T>
  admission& attach(T value) {
    attributes_.set<T>(std::move(value));
    return *this;
  }
  /// The values of attach().
  [[nodiscard]] const twinsocket::attributes& attributes() const noexcept TWINSOCKET_LIFETIMEBOUND { return attributes_; }

  [[nodiscard]] bool refused() const noexcept { return refused_; }  ///< True if constructed from a response.
  /// The response that refuses the request. Only meaningful if refused().
  [[nodiscard]] const response& refusal() const noexcept TWINSOCKET_LIFETIMEBOUND { return refusal_; }

 private:
  response accepted_{101};
  response refusal_;
  twinsocket::attributes attributes_;
  bool refused_ = false;
};

/// Options of a WebSocket route.
class websocket_options {
 public:
  /// Supports a subprotocol (RFC 6455 section 1.9). Call it once per subprotocol, in order of preference. The server selects
  /// the first one that the client offers. If there is none, the connection opens without: connection::subprotocol() is "".
  websocket_options& subprotocol(std::string name) { subprotocols_.push_back(std::move(name)); return *this; }
  /// The supported ones, the preferred one first.
  [[nodiscard]] const std::vector<std::string>& subprotocols() const noexcept TWINSOCKET_LIFETIMEBOUND { return subprotocols_; }

  /// Selects one of the subprotocols that the client offers, which are passed in the client's order. Return "" for none.
  using subprotocol_selector_function = std::function<std::string(const request&, const std::vector<std::string_view>& offered)>;
  /// Selects the subprotocol by a function. Replaces subprotocol(). Default: none.
  websocket_options& select_subprotocol(subprotocol_selector_function function) { subprotocol_selector_ = std::move(function); return *this; }
  /// The function of select_subprotocol().
  [[nodiscard]] const subprotocol_selector_function& subprotocol_selector() const noexcept TWINSOCKET_LIFETIMEBOUND { return subprotocol_selector_; }

  /// Allows another origin (RFC 6455 section 10.2): `scheme://host` or `scheme://host:port`. Call it once per pattern. "*"
  /// matches any scheme, any port, or any sequence of characters within a host: "https://*.example.com", "*://localhost:*".
  /// Without a port the scheme's default port applies. "null" allows pages with an opaque origin.
  ///
  /// Always allowed: requests without an Origin header, because they do not come from a browser; pages whose host and port
  /// equal the request's Host; and programs that send a URL of that host, which no browser does ("http://localhost/").
  /// Everything else is refused with 403.
  websocket_options& origin(std::string pattern) { origins_.push_back(std::move(pattern)); return *this; }
  /// All patterns of origin().
  [[nodiscard]] const std::vector<std::string>& origins() const noexcept TWINSOCKET_LIFETIMEBOUND { return origins_; }

  /// Decides by a function, called for each Origin of a request, also for the same origin: `[](std::string_view origin,
  /// const request& req) -> bool {...}`. Combining it with patterns or any_origin() is an error of server::listen(). An
  /// exception is answered with 500. With several threads it is called concurrently.
  using origin_check_function = std::function<bool(std::string_view origin, const request& req)>;
  websocket_options& origin(origin_check_function function) { origin_check_ = std::move(function); return *this; }
  /// The function of origin().
  [[nodiscard]] const origin_check_function& origin_check() const noexcept TWINSOCKET_LIFETIMEBOUND { return origin_check_; }

  /// Allows every origin. Any page that a user opens can then connect to this route with that user's cookies.
  websocket_options& any_origin() { any_origin_ = true; return *this; }
  [[nodiscard]] bool any_origin_allowed() const noexcept { return any_origin_; }  ///< True after any_origin().

  /// Limits of sizes and times of each connection. Default: those of twinsocket::limits.
  websocket_options& limits(const twinsocket::limits& values) { limits_ = values; return *this; }
  [[nodiscard]] const twinsocket::limits& limits() const noexcept TWINSOCKET_LIFETIMEBOUND { return limits_; }

  /// Detection of unresponsive clients. Default: that of twinsocket::keepalive.
  websocket_options& keepalive(const twinsocket::keepalive& values) { keepalive_ = values; return *this; }
  [[nodiscard]] const twinsocket::keepalive& keepalive() const noexcept TWINSOCKET_LIFETIMEBOUND { return keepalive_; }

  /// Answers heartbeats of clients that cannot send pings, which are browsers using this library. They offer
  /// "NAME+heartbeat" in addition to a subprotocol NAME, and may offer "heartbeat" without a subprotocol. Heartbeats are
  /// invisible to the handler. Default: true.
  websocket_options& heartbeat(bool on) { heartbeat_ = on; return *this; }
  [[nodiscard]] bool heartbeat_enabled() const noexcept { return heartbeat_; }  ///< What heartbeat() has set.

  /// Compresses messages if the client offers permessage-deflate. An option out of range is an error of server::listen().
  /// Default: off.
  websocket_options& compression(const compression_options& values) { compression_ = values; return *this; }
  [[nodiscard]] const compression_options& compression() const noexcept TWINSOCKET_LIFETIMEBOUND { return compression_; }

  /// Request hook, called as the last check before a connection opens: `[](const request& req) -> admission {...}`, or a
  /// function that returns task<admission>.
  websocket_options& on_request(request_handler<admission> hook) { on_request_ = std::move(hook); return *this; }
  /// The hook of on_request().
  [[nodiscard]] const request_handler<admission>& request_hook() const noexcept TWINSOCKET_LIFETIMEBOUND { return on_request_; }

  /// Timeout of the request hook. The client is then answered with 503; the hook keeps running and its result is ignored.
  /// Default: 10 s.
  websocket_options& request_hook_timeout(std::chrono::milliseconds time) { request_hook_timeout_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds request_hook_timeout() const noexcept { return request_hook_timeout_; }

 private:
  std::vector<std::string> subprotocols_;
  subprotocol_selector_function subprotocol_selector_;
  std::vector<std::string> origins_;
  origin_check_function origin_check_;
  bool any_origin_ = false;
  twinsocket::limits limits_;
  twinsocket::keepalive keepalive_;
  bool heartbeat_ = true;
  compression_options compression_{false};
  request_handler<admission> on_request_;
  std::chrono::milliseconds request_hook_timeout_{10'000};
};

/// Options of server::files().
class file_options {
 public:
  /// The Cache-Control header of every file. Default: "no-cache", with which a browser caches the file but revalidates it
  /// each time. For file names that contain a content hash use "public, max-age=31536000, immutable".
  file_options& cache_control(std::string value) { cache_control_ = std::move(value); return *this; }
  [[nodiscard]] const std::string& cache_control() const noexcept TWINSOCKET_LIFETIMEBOUND { return cache_control_; }

  /// The file served for a folder. Folder contents are never listed. Default: "index.html".
  file_options& index(std::string name) { index_ = std::move(name); return *this; }
  [[nodiscard]] const std::string& index() const noexcept TWINSOCKET_LIFETIMEBOUND { return index_; }

  /// Adds a header to every file. X-Content-Type-Options: nosniff is always sent.
  file_options& header(std::string name, std::string value) {
    headers_.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  /// The headers of header(), in the order of the calls.
  [[nodiscard]] const std::vector<header_field>& headers() const noexcept TWINSOCKET_LIFETIMEBOUND { return headers_; }

 private:
  std::string cache_control_ = "no-cache";
  std::string index_ = "index.html";
  std::vector<header_field> headers_;
};

/// Options of a server. An aggregate, `server_options{.address = "::", .port = 80}`: do not write it inside a co_await
/// expression, which g++ 12 miscompiles.
struct server_options {
  /// Address to listen on: an IP address, or a host name that resolves to one. "0.0.0.0" is every IPv4 address, "::" every
  /// IPv4 and IPv6 address. Default: 127.0.0.1.
  std::string address = "127.0.0.1";
  /// Port to listen on. 0 picks a free port, which server::port() returns. Default: 8080.
  std::uint16_t port = 8080;
  /// Several endpoints to listen on: TCP addresses, Unix-domain sockets and inherited sockets. If not empty, `address` and
  /// `port` are ignored. All share the same routes and the same TLS configuration.
  std::vector<listener> listeners{};
  /// Number of threads. Each has its own event loop, and a connection stays on its thread. 0: one per core. Default: 1.
  unsigned threads = 1;

  /// Enables TLS: the server then serves https:// and wss:// instead of http:// and ws://. Default: none.
  tls_certificate certificate{};
  /// A second port on `address` that redirects requests without TLS to the same URL at https:// (308). 0 picks a free port,
  /// which server::redirect_port() returns. Without a certificate it is an error of listen(). Default: none.
  std::optional<std::uint16_t> redirect_port{};
  /// Whether client certificates are requested. Default: off.
  twinsocket::client_certificates client_certificates{};

  /// Reverse proxies whose forwarding headers are trusted. Default: none.
  twinsocket::trusted_proxies trusted_proxies{};

  /// Default options of server::websocket(). Their limits::handshake_timeout is also the timeout of every HTTP request. It
  /// covers the TLS handshake and the header, from the time the connection is accepted or, on a kept-alive connection, from
  /// the request's first byte. It applies again to a body that is read whole.
  websocket_options websockets{};

  /// Maximum number of open connections. Further ones are answered with 503. Default: 10,000.
  std::size_t max_connections = 10'000;
  /// Maximum number of open connections per client address, or per /64 network for IPv6. 0: no limit. Default: 1,000, and no
  /// limit for loopback addresses, from which a local proxy connects. Connections from a trusted proxy count for the client
  /// that it names. Behind any other proxy on another machine set this to 0 and configure the limit in the proxy. Clients of
  /// Unix-domain sockets have no address and are not limited.
  std::optional<std::size_t> max_connections_per_address{};
  /// Maximum size of a request header, in bytes. A larger one is answered with 431, or with 414 if the request line alone is
  /// too large. Default: 16 KiB.
  std::size_t max_header_size = 16 * kib;
  /// Maximum size of a request body, in bytes. A larger one is answered with 413. Default: 64 KiB.
  std::size_t max_body_size = 64 * kib;
  /// The same for a handler that reads the body piece by piece, whose memory use does not grow with it. Such a body may take
  /// limits::message_timeout plus 1 s per limits::min_message_rate bytes, not counting the time spent in the handler.
  /// Default: 1 GiB.
  std::uint64_t max_streamed_body_size = 1024 * std::uint64_t{mib};
  /// Idle timeout of an HTTP connection between requests, and write timeout of a client that reads none of a response.
  /// Default: 60 s.
  std::chrono::milliseconds idle_timeout{60'000};
  /// Grace period of stop() for open connections. Default: 5 s.
  std::chrono::milliseconds shutdown_timeout{5'000};

  /// Headers added to every response except those that open a WebSocket. A header that the response already has is kept.
  std::vector<header_field> headers{};

  /// Log callback, called from the server's threads, by several at once. Default: none.
  log_hook log{};
};

}  // namespace native
}  // namespace twinsocket
