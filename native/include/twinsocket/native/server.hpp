#pragma once

// An HTTP server for WebSockets, functions and files on one port.
//
//   twinsocket::server server{{.address = "127.0.0.1", .port = 8080}};
//   server.websocket("/echo", [](twinsocket::connection socket) -> twinsocket::task<void> {
//     while (auto message = co_await socket.receive()) co_await socket.send(*message);
//   });
//   server.files("/", "demo-site");
//   server.run();
//
// stop() may be called from any thread and from a signal handler, reload_certificate() and for_each_connection() from any
// thread; everything else from one thread, the routes before run().
//
// A route's pattern is a path whose segments are literal text or a {parameter}, which stands for exactly one segment. A
// last segment {parameter...} makes a prefix route: it stands for the rest of the path, of any number of segments or none, so
// "/api/{rest...}" gets "/api", "/api/" and "/api/users/7". files() is such a route too.
//
// The most specific pattern decides alone: compared segment by segment from the left, literal text goes before a
// parameter, and both go before the rest of a path. So "/room/lobby" goes before "/room/{name}", and that before
// "/{rest...}" or files("/", ...). A pattern that has nothing for a request's method answers 405. "/a" and "/a/" are two
// patterns. What no pattern stands for goes to fallback().

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

class server;

namespace detail {
class server_state;
/// For the library itself.
[[nodiscard]] const std::shared_ptr<server_state>& state_of(const server& what) noexcept;
}  // namespace detail

/// How server::run() ended: false where it could not begin. It may be left unread after a listen() that succeeded.
class run_result : public result<void> {
 public:
  using result<void>::result;
  run_result(result<void> from) : result<void>(std::move(from)) {}
};

/// Whether a route was added. It may be left unread before listen(), which then fails with the same error.
class route_result : public result<void> {
 public:
  using result<void>::result;
  route_result(result<void> from) : result<void>(std::move(from)) {}
};

/// A pattern or an option that cannot be used, and a handler that is an empty function, are errc::invalid_argument. Routes may be
/// added until run() has begun; while it runs they are refused, and the log says so.
class server {
 public:
  explicit server(server_options options = {});
  server(server&&) noexcept;
  server& operator=(server&&) noexcept;
  /// It must not be running any more.
  ~server();

  /// Accepts WebSockets on a path. An opening handshake that is not as RFC 6455 section 4.2 wants it is answered with
  /// 400, 405 or 426, an origin that is not allowed with 403; the text says why.
  route_result websocket(std::string pattern, websocket_handler handler);
  route_result websocket(std::string pattern, websocket_options options, websocket_handler handler);

  /// Answers GET, and HEAD without the content.
  route_result get(std::string pattern, http_handler handler);
  route_result post(std::string pattern, http_handler handler);
  /// Answers any method, written as it is sent: "PUT".
  route_result on(std::string method, std::string pattern, http_handler handler);

  /// Answers what no route stands for, whatever its method, and what files() has no file for. Default: 404.
  route_result fallback(http_handler handler);

  /// Middleware: asked about every request once its header has been read, before its route is, in the order of the calls.
  /// `[](const request& asked) -> admission {...}`, or a task of it: admission() goes on, admission().header(...) adds a header to
  /// whatever is answered, admission().with(...) attaches a value to the request, and a response answers instead. A header that the answer has itself is left alone, but for Set-Cookie.
  /// What takes longer than server_options::websockets' hook_time() is answered 503.
  route_result use(request_handler<admission> middleware);

  /// Serves the files of a folder below a path: with types, ETag, Last-Modified, ranges, and what stands beside a file
  /// as .br or .gz to those who accept it, where it is not older. Nothing outside of the folder, wherever links lead,
  /// and nothing whose name begins with a dot.
  route_result files(std::string pattern, std::string folder, file_options options = {});

  /// Answers with metrics_text(). It tells strangers much: see that only those who should can reach it.
  route_result metrics(std::string pattern);

  /// What the server has counted since it was made, and what it is like now, in the text format of Prometheus (0.0.4); the
  /// README has the list. Once listen() has succeeded it may be called from any thread.
  [[nodiscard]] std::string metrics_text() const;

  /// Opens every listener now, and gives the port of the first that has one, else 0. A port that is taken, a pattern that cannot be used or is there already,
  /// and a folder that is not there are errors that name it.
  [[nodiscard]] result<std::uint16_t> listen();

  /// The port that listen() took: that of the first listener that has one, else 0.
  [[nodiscard]] std::uint16_t port() const noexcept;

  /// The port that listen() took for server_options::redirect_port; 0 where there is none.
  [[nodiscard]] std::uint16_t redirect_port() const noexcept;

  /// Where it listens since listen(), in the order of server_options::listeners: "127.0.0.1:8080", "[::1]:8080",
  /// "unix:/run/app.socket".
  [[nodiscard]] std::vector<std::string> addresses() const;

  /// Serves until stop(), on this thread and on those that server_options::threads asks for besides; listens first where
  /// listen() was not called.
  run_result run();

  /// Ends run(): nothing new is accepted, every WebSocket closes with 1001 (going away), and what is open after
  /// server_options::stop_time is cut. A handler that then still waits for something else, and whatever it has spawned, is
  /// destroyed where it waits.
  /// Before run() it makes that one end at once.
  void stop() noexcept;

  /// The same with another close code, such as close_code::service_restart, and with the time after which clients should
  /// come back. It goes into the close reason, "Retry-After: 30", as retry_after() writes it and reconnecting clients of
  /// this library read it. A code that may not be sent (see is_sendable) is replaced by 1001, and a negative time by none. The last
  /// call before run() begins to stop counts.
  void stop(close_code code, std::chrono::seconds retry_after = std::chrono::seconds(-1)) noexcept;

  /// Calls a function for each WebSocket that is open, on the connection's own thread: it may send, close, and look at all
  /// that a connection tells, but must not wait, throw, or move from the connection. With several threads
  /// (server_options::threads) it is called by several at once. From any thread, those of handlers included: this returns at once, and
  /// `done` is called once, on any of the threads involved, after the last call of the function, also where the server stops
  /// meanwhile. Connections that open or close meanwhile may or may not be among them. `function` and `done` are destroyed
  /// by then. Outside of listen() to the end of run() there are no connections.
  void for_each_connection(std::function<void(connection&)> function, std::function<void()> done = {});
  /// The same with the request that opened it, which is empty where the route's handler does not take the request:
  /// `[](connection& socket, const request& asked) { if (asked.attribute<user>()) ... }`.
  void for_each_connection(std::function<void(connection&, const request&)> function, std::function<void()> done = {});

  /// Stops on these signals, from listen() on: call it before that. Once it is stopping they do what they did before, so
  /// that a second Ctrl-C ends the program at once.
  void stop_on(std::initializer_list<int> signals);

  /// Reads the certificate's files again (server_options::certificate), which happens by itself within a second of the
  /// next connection once they have changed. Where they cannot be used the error and the log say why, and the certificate
  /// stays as it was. From any thread.
  [[nodiscard]] result<void> reload_certificate();

  /// Does that on these signals, usually SIGHUP, from listen() on: call it before that.
  void reload_certificate_on(std::initializer_list<int> signals);

  /// The SHA-256 of the certificate that is shown now, as "AB:CD:..."; "" before listen() and without TLS.
  [[nodiscard]] std::string certificate_fingerprint() const;

 private:
  friend const std::shared_ptr<detail::server_state>& detail::state_of(const server& what) noexcept;

  std::shared_ptr<detail::server_state> state_;
};

}  // namespace twinsocket
