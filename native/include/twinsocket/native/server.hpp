#pragma once

// An HTTP server for WebSockets, HTTP handlers and files on one port.
//
//   twinsocket::server server{{.address = "127.0.0.1", .port = 8080}};
//   server.websocket("/echo", [](twinsocket::connection socket) -> twinsocket::task<void> {
//     while (auto message = co_await socket.receive()) co_await socket.send(*message);
//   });
//   server.files("/", "demo-site");
//   server.run();
//
// Threads: stop() may be called from any thread and from a signal handler. reload_certificate() and for_each_connection()
// may be called from any thread. Call everything else from one thread, and add routes before run().
//
// A route's pattern is a path. Each segment is literal text or a {parameter}, which matches exactly one segment. A last
// segment {parameter...} makes a prefix route: it matches the rest of the path, zero or more segments. "/api/{rest...}"
// matches "/api", "/api/" and "/api/users/7". files() is a prefix route too.
//
// The most specific pattern wins. Patterns are compared segment by segment from the left: literal text precedes a parameter,
// and both precede {parameter...}. So "/room/lobby" precedes "/room/{name}", which precedes "/{rest...}" and files("/",
// ...). If the winning pattern has no handler for the request's method, the response is 405; other patterns are not tried.
// "/a" and "/a/" are different patterns. Unmatched requests go to fallback().

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "twinsocket/close.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/native/handler.hpp"
#include "twinsocket/native/options.hpp"
#include "twinsocket/native/request.hpp"
#include "twinsocket/native/response.hpp"

namespace twinsocket {
inline namespace native {
class server;
}  // namespace native
}  // namespace twinsocket

namespace twinsocket::detail {
class server_state;
/// Internal access to the server's state.
[[nodiscard]] const std::shared_ptr<server_state>& state_of(const server& what) noexcept;
}  // namespace twinsocket::detail

namespace twinsocket {
inline namespace native {

/// The result of server::run(): an error if the server could not start. May be ignored after a successful listen().
class run_result : public result<void> {
 public:
  using result<void>::result;
  run_result(result<void> from) : result<void>(std::move(from)) {}
};

/// The result of adding a route. May be ignored before listen(), which then fails with the same error.
class route_result : public result<void> {
 public:
  using result<void>::result;
  route_result(result<void> from) : result<void>(std::move(from)) {}
};

/// Invalid patterns, invalid options and empty handlers fail with errc::invalid_argument. Routes can be added until run() is
/// called. Later ones are refused and logged.
class server {
 public:
  explicit server(server_options options = {});
  server(server&&) noexcept;
  server& operator=(server&&) noexcept;
  /// The server must not be running.
  ~server();

  /// Accepts WebSockets on a path. An opening handshake that violates RFC 6455 section 4.2 is answered with 400, 405 or 426,
  /// a disallowed origin with 403. The body of the response gives the reason.
  route_result websocket(std::string pattern, websocket_handler handler);
  route_result websocket(std::string pattern, websocket_options options, websocket_handler handler);

  /// Handles GET, and HEAD without the content.
  route_result get(std::string pattern, http_handler handler);
  /// Handles POST. See http_handler for bodies larger than server_options::max_body_size.
  route_result post(std::string pattern, http_handler handler);
  /// Handles any method. Method names are case-sensitive: "PUT".
  route_result on(std::string method, std::string pattern, http_handler handler);

  /// Handles requests of any method that no route matches, and those for which files() has no file. Default: 404.
  route_result fallback(http_handler handler);

  /// Adds middleware, called for every request after its header has been read and before its route, in the order of
  /// registration: `[](const request& req) -> admission {...}`, or a function that returns task<admission>. admission()
  /// continues. admission().header(...) adds a header to the response, unless the response already has it; Set-Cookie is
  /// always added. admission().attach(...) attaches a value to the request. A response ends the request. If middleware takes
  /// longer than request_hook_timeout() of server_options::websockets, the request is answered with 503.
  route_result use(request_handler<admission> middleware);

  /// Serves the files of a folder below a path, with media types, ETag, Last-Modified and ranges. If the client accepts it,
  /// a precompressed file next to the requested one (.br or .gz) is sent instead, unless it is older. Files outside the
  /// folder are never served, also through symbolic links, nor are names that begin with a dot.
  route_result files(std::string pattern, std::string folder, file_options options = {});

  /// Serves metrics_text(). Exposes operational detail; restrict access to it.
  route_result metrics(std::string pattern);

  /// Returns the server's counters and gauges since its construction in the Prometheus text format (0.0.4). The README lists
  /// the metrics. Callable from any thread after listen() has succeeded.
  [[nodiscard]] std::string metrics_text() const;

  /// Adds further metrics to metrics_text(), in the same format. `text` is called on any thread, also at the same time. A
  /// second call with the same name replaces the first, because a metric may occur only once.
  void add_metrics(std::string name, std::function<std::string()> text);

  /// Opens every listener. Returns the port of the first listener that has one, else 0. A port in use, an invalid or
  /// duplicate pattern and a missing folder are errors whose message names it.
  [[nodiscard]] result<std::uint16_t> listen();

  /// The port opened by listen(): that of the first listener that has one, else 0.
  [[nodiscard]] std::uint16_t port() const noexcept;

  /// The port opened by listen() for server_options::redirect_port, or 0 if there is none.
  [[nodiscard]] std::uint16_t redirect_port() const noexcept;

  /// The addresses opened by listen(), in the order of server_options::listeners: "127.0.0.1:8080", "[::1]:8080",
  /// "unix:/run/app.socket".
  [[nodiscard]] std::vector<std::string> addresses() const;

  /// Serves until stop(), on this thread and on the additional threads of server_options::threads. Calls listen() first if
  /// you have not.
  run_result run();

  /// Ends run(). The server accepts no new connections and closes every WebSocket with 1001 (going away). Connections still
  /// open after server_options::shutdown_timeout are aborted; handlers that are still suspended then, and the tasks that they have
  /// spawned, are destroyed. Called before run(), it makes run() return immediately.
  void stop() noexcept;

  /// As above with another close code, such as close_code::service_restart, and the delay after which clients should
  /// reconnect. The delay is sent as close reason "Retry-After: 30", in the format of twinsocket::retry_after(), which
  /// reconnecting clients of this library understand. A code that must not be sent (see is_sendable) is replaced by 1001. A
  /// negative delay sends no reason. If stop() is called several times, the last call before the shutdown begins applies.
  /// With `spread` each WebSocket is sent its own delay, random from `retry_after` to `retry_after` + `spread`: so the clients of a
  /// server do not come to the others all at once.
  void stop(close_code code, std::chrono::seconds retry_after = std::chrono::seconds(-1),
            std::chrono::seconds spread = std::chrono::seconds(0)) noexcept;

  /// Calls `function` for each open WebSocket, on the connection's thread. The function may send, close, and read the
  /// connection's properties. It must not block, throw, or move from the connection. With server_options::threads > 1 it is
  /// called concurrently. Returns immediately. `done` is called once, on any of the threads involved, after the last call of
  /// `function`, also if the server stops meanwhile; then both are destroyed. Connections that open or close meanwhile may
  /// be missed. Before listen() and after run() there are no connections. Callable from any thread, also from handlers.
  void for_each_connection(std::function<void(connection&)> function, std::function<void()> done = {});
  /// As above with the request that opened the connection. It is empty if the route's handler does not take the request:
  /// `[](connection& socket, const request& req) { if (req.attribute<user>()) ... }`.
  void for_each_connection(std::function<void(connection&, const request&)> function, std::function<void()> done = {});

  /// Calls stop() on these signals. Call it before listen(), which installs the signal handlers. Once the server is
  /// stopping, the previous dispositions are restored, so that a second Ctrl-C terminates the program.
  void stop_on(std::initializer_list<int> signals);
  /// As above with the arguments of stop().
  void stop_on(std::initializer_list<int> signals, close_code code, std::chrono::seconds retry_after,
               std::chrono::seconds spread = std::chrono::seconds(0));

  /// Reloads the certificate files (server_options::certificate). Changed files are also reloaded automatically, within a
  /// second of the next connection. If the files are invalid, the reason is returned and logged, and the current certificate
  /// stays in use. Callable from any thread.
  [[nodiscard]] result<void> reload_certificate();

  /// Calls reload_certificate() on these signals, usually SIGHUP. Call it before listen().
  void reload_certificate_on(std::initializer_list<int> signals);

  /// SHA-256 fingerprint of the current certificate, as "AB:CD:...". "" before listen() and without TLS.
  [[nodiscard]] std::string certificate_fingerprint() const;

 private:
  friend const std::shared_ptr<detail::server_state>& detail::state_of(const server& what) noexcept;

  std::shared_ptr<detail::server_state> state_;
};

}  // namespace native
}  // namespace twinsocket
