#pragma once

// What one can say to a server; every limit is finite by default.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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

/// What is said to a request for a WebSocket: it is let in, or answered with something else.
class admission {
 public:
  /// Lets it in.
  admission() = default;
  /// Answers with this instead.
  admission(response refusal) : refusal_(std::move(refusal)), refused_(true) {}

  /// Adds a header, such as Set-Cookie, to the answer that lets it in. Those of the handshake itself cannot be given.
  admission& header(std::string name, std::string value) {
    opening_.header(std::move(name), std::move(value));
    return *this;
  }
  [[nodiscard]] const std::vector<header_field>& headers() const noexcept { return opening_.headers(); }

  /// Attaches a value of any type to the request, where the handler finds it: `admission().with(user{"jan"})`, and then
  /// `asked.attribute<user>()`. One value of each type; the type may be one that cannot be copied.
  template <class T>
  admission& with(T value) {
    attributes_.set<T>(std::move(value));
    return *this;
  }
  [[nodiscard]] const twinsocket::attributes& attributes() const noexcept { return attributes_; }

  [[nodiscard]] bool refused() const noexcept { return refused_; }
  [[nodiscard]] const response& refusal() const noexcept { return refusal_; }

 private:
  response opening_{101};
  response refusal_;
  twinsocket::attributes attributes_;
  bool refused_ = false;
};

/// How a route accepts WebSockets.
class websocket_options {
 public:
  /// Speaks a subprotocol (RFC 6455 section 1.9); call it once for each, the preferred one first. The first that the
  /// client offers too is taken; where there is none the connection opens without: connection::subprotocol() is "".
  websocket_options& subprotocol(std::string name) { subprotocols_.push_back(std::move(name)); return *this; }
  [[nodiscard]] const std::vector<std::string>& subprotocols() const noexcept { return subprotocols_; }

  /// Chooses among those that the client offers, in the client's order; "" takes none. Instead of subprotocol().
  using subprotocol_chooser = std::function<std::string(const request&, const std::vector<std::string_view>& offered)>;
  websocket_options& choose_subprotocol(subprotocol_chooser function) { chooser_ = std::move(function); return *this; }
  [[nodiscard]] const subprotocol_chooser& chooser() const noexcept { return chooser_; }

  /// Lets pages of another origin in (RFC 6455 section 10.2): `scheme://host` or `scheme://host:port`; call it once for
  /// each pattern. A "*" stands for any scheme, any port, or, in a host, any run of characters:
  /// "https://*.example.com", "*://localhost:*". Without a port the scheme's own is meant. "null" lets in pages that
  /// have no origin.
  ///
  /// What comes without an Origin is no browser and is let in; pages of the same host and port as the request's Host
  /// are too, and programs that send a URL of that host, which no browser does ("http://localhost/"). Everything else is
  /// refused with 403.
  websocket_options& origin(std::string pattern) { origins_.push_back(std::move(pattern)); return *this; }
  [[nodiscard]] const std::vector<std::string>& origins() const noexcept { return origins_; }

  /// Lets a function decide instead, which is called for each Origin of a request: `[](std::string_view origin, const
  /// request& asked) -> bool {...}`. Pages of the same host are asked about too. Together with patterns or any_origin() it
  /// is an error of server::listen(). An exception answers 500. With several threads it is called by several at once.
  using origin_function = std::function<bool(std::string_view origin, const request& asked)>;
  websocket_options& origin(origin_function function) { origin_function_ = std::move(function); return *this; }
  [[nodiscard]] const origin_function& origin_decider() const noexcept { return origin_function_; }

  /// Lets pages of any origin in: every page that a user opens can then talk to this route with the user's cookies.
  websocket_options& any_origin() { any_origin_ = true; return *this; }
  [[nodiscard]] bool allows_any_origin() const noexcept { return any_origin_; }

  websocket_options& limits(const twinsocket::limits& values) { limits_ = values; return *this; }
  [[nodiscard]] const twinsocket::limits& limits() const noexcept { return limits_; }

  websocket_options& keepalive(const twinsocket::keepalive& values) { keepalive_ = values; return *this; }
  [[nodiscard]] const twinsocket::keepalive& keepalive() const noexcept { return keepalive_; }

  /// Answers the heartbeats of clients that cannot send pings, which are browsers with this library: yes. They offer
  /// "NAME+heartbeat" besides a subprotocol NAME, and may offer "heartbeat" for none; the handler hears nothing of it.
  websocket_options& heartbeat(bool on) { heartbeat_ = on; return *this; }
  [[nodiscard]] bool answers_heartbeats() const noexcept { return heartbeat_; }

  /// Compresses messages where the client offers it: no. Options out of their ranges are an error of server::listen().
  websocket_options& compression(const compression_options& values) { compression_ = values; return *this; }
  [[nodiscard]] const compression_options& compression() const noexcept { return compression_; }

  /// Asked last of all before a connection opens: `[](const request& asked) -> admission {...}`, or a task of it.
  websocket_options& on_request(request_handler<admission> hook) { on_request_ = std::move(hook); return *this; }
  [[nodiscard]] const request_handler<admission>& request_hook() const noexcept { return on_request_; }

  /// How long that may take: 10 s. The client is then answered 503; a hook that still waits goes on, for nothing.
  websocket_options& hook_time(std::chrono::milliseconds time) { hook_time_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds hook_time() const noexcept { return hook_time_; }

 private:
  std::vector<std::string> subprotocols_;
  subprotocol_chooser chooser_;
  std::vector<std::string> origins_;
  origin_function origin_function_;
  bool any_origin_ = false;
  twinsocket::limits limits_;
  twinsocket::keepalive keepalive_;
  bool heartbeat_ = true;
  compression_options compression_{false};
  request_handler<admission> on_request_;
  std::chrono::milliseconds hook_time_{10'000};
};

/// How a folder is served.
class file_options {
 public:
  /// The Cache-Control of every file: "no-cache", which lets a browser keep it and ask each time whether it has
  /// changed. For files whose names change with their contents: "public, max-age=31536000, immutable".
  file_options& cache_control(std::string value) { cache_control_ = std::move(value); return *this; }
  [[nodiscard]] const std::string& cache_control() const noexcept { return cache_control_; }

  /// The file that stands for a folder: "index.html". Folders are never listed.
  file_options& index(std::string name) { index_ = std::move(name); return *this; }
  [[nodiscard]] const std::string& index() const noexcept { return index_; }

  /// Adds a header to every file; X-Content-Type-Options is "nosniff" already.
  file_options& header(std::string name, std::string value) {
    headers_.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  [[nodiscard]] const std::vector<header_field>& headers() const noexcept { return headers_; }

 private:
  std::string cache_control_ = "no-cache";
  std::string index_ = "index.html";
  std::vector<header_field> headers_;
};

/// A server as a whole. It is an aggregate, `server_options{.address = "::", .port = 80}`: it is never written inside a
/// co_await expression.
struct server_options {
  /// Where to listen: an IP address, or a name that has one. "0.0.0.0" is every IPv4 address, "::" every address.
  std::string address = "127.0.0.1";
  /// 0 takes any that is free; server::port() says which.
  std::uint16_t port = 8080;
  /// Several places to listen on, TCP addresses, Unix-domain sockets and sockets of others; where there are any, `address`
  /// and `port` count for nothing. All have the same routes, and the same TLS.
  std::vector<listener> listeners{};
  /// Each thread has its own event loop, and a connection stays on its thread. 0 is one for each core.
  unsigned threads = 1;

  /// With one, the server speaks TLS: https:// and wss:// instead of http:// and ws://. Without: no TLS.
  tls_certificate certificate{};
  /// A second port on `address`, where a request without TLS is answered with 308 and the same place at https://. 0 takes any
  /// that is free; server::redirect_port() says which. Without a certificate it is an error of listen(). Default: none.
  std::optional<std::uint16_t> redirect_port{};
  /// Whether clients are asked for certificates of theirs. Default: no.
  twinsocket::client_certificates client_certificates{};

  /// The reverse proxies that are believed when they say who the client is. Default: none.
  twinsocket::trusted_proxies trusted_proxies{};

  /// What server::websocket() takes where it is given none. Its limits::handshake_time is how long any request may take
  /// to arrive, from the connection or from its first byte.
  websocket_options websockets{};

  /// Connections that may be open at once; those beyond it are answered 503.
  std::size_t max_connections = 10'000;
  /// The same for one client address, or one /64 network of IPv6; 0 is no such limit. Unless it is set it is 1,000, and
  /// none for this machine's own loopback addresses, from which a proxy connects. For a connection from a trusted proxy it
  /// is the client's address that counts. Behind another proxy on another machine set it to 0, and let the proxy limit.
  /// Clients of Unix-domain sockets have no address.
  std::optional<std::size_t> max_connections_per_address{};
  /// The largest header of a request; a larger one is answered 431, or 414 where its first line is that large.
  std::size_t header_bytes = 16 * kib;
  /// The largest content of a request; a larger one is answered 413.
  std::size_t body_bytes = 64 * kib;
  /// The same for a handler that reads the content in pieces, which takes no more memory for more of it. Such content may
  /// take limits::message_timeout and, for each limits::min_message_rate bytes of it, a second more, not counting the handler's
  /// own time.
  std::uint64_t max_streamed_body_size = 1024 * std::uint64_t{mib};
  /// How long a connection may stand without a request, and how long a client may take none of an answer.
  std::chrono::milliseconds idle_time{60'000};
  /// How long stop() waits for what is open.
  std::chrono::milliseconds stop_time{5'000};

  /// Added to every answer but those that open a WebSocket; a header that the answer has itself is left alone.
  std::vector<header_field> headers{};

  log_hook log{};
};

}  // namespace twinsocket
