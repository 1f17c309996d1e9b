#pragma once

// Handler types of a server. The server stores a copy of each handler for its own lifetime, so captures stay valid until the
// handler's task ends. With server_options::threads > 1 a handler is called concurrently.

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

#include "twinsocket/connection.hpp"
#include "twinsocket/native/request.hpp"
#include "twinsocket/native/request_body.hpp"
#include "twinsocket/native/response.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {

/// True for an empty std::function or a null function pointer. The server refuses these at registration.
template <class F>
[[nodiscard]] bool is_empty_function(const F& function) {
  if constexpr (std::is_pointer_v<F>) {
    return function == nullptr;
  } else if constexpr (requires { function.operator bool(); }) {
    return !function;
  } else {
    return false;
  }
}

}  // namespace twinsocket::detail

namespace twinsocket {
inline namespace native {

/// A function that takes a request and returns a Result, or a task<Result> if it awaits something:
/// `[](const request& req) -> response {...}` or `[](const request& req) -> task<response> {...}`.
template <class Result>
class request_handler {
 public:
  request_handler() = default;

  template <class F>
  requires std::is_invocable_r_v<Result, F&, const request&> request_handler(F function) {
    if (detail::is_empty_function(function)) return;
    function_ = [function = std::move(function)](const request& req) mutable -> task<Result> {
      co_return function(req);
    };
  }

  template <class F>
  requires std::is_invocable_r_v<task<Result>, F&, const request&> request_handler(F function)
      : function_(std::move(function)) {}

  // Catches every other callable, for a short compile-time error.
  template <class F>
  requires(!std::is_same_v<F, request_handler> && !std::is_invocable_r_v<Result, F&, const request&> &&
           !std::is_invocable_r_v<task<Result>, F&, const request&>) request_handler(F) {
    static_assert(std::is_invocable_v<F&, const request&>,
                  "a request handler takes a const twinsocket::request&: "
                  "[](const twinsocket::request& req) -> twinsocket::response {...}");
    static_assert(!std::is_invocable_v<F&, const request&>,
                  "a request handler returns a twinsocket::response (on_request() and use(): a twinsocket::admission), "
                  "or a twinsocket::task of it");
  }

  explicit operator bool() const noexcept { return static_cast<bool>(function_); }
  [[nodiscard]] task<Result> operator()(const request& req) const { return function_(req); }

 private:
  std::function<task<Result>(const request&)> function_;
};

/// Handles HTTP requests. Either a request_handler<response>, called once the whole request has been received, or
/// `[](const request& req, request_body& body) -> task<response> {...}`, called once the header has been received, which
/// reads a body of any size piece by piece.
class http_handler {
 public:
  http_handler() = default;

  template <class F>
  requires(!std::is_same_v<F, http_handler> && std::is_invocable_r_v<task<response>, F&, const request&, request_body&>)
      http_handler(F function)
      : streaming_handler_(std::move(function)) {}

  template <class F>
  requires(!std::is_same_v<F, http_handler> && std::is_constructible_v<request_handler<response>, F> &&
           !std::is_invocable_r_v<task<response>, F&, const request&, request_body&>) http_handler(F function)
      : buffered_handler_(std::move(function)) {}

  explicit operator bool() const noexcept { return buffered_handler_ || streaming_handler_; }
  /// True if the handler reads the body itself.
  [[nodiscard]] bool reads_body() const noexcept { return static_cast<bool>(streaming_handler_); }
  [[nodiscard]] task<response> operator()(const request& req, request_body& body) const {
    return streaming_handler_ ? streaming_handler_(req, body) : buffered_handler_(req);
  }

 private:
  request_handler<response> buffered_handler_;
  std::function<task<response>(const request&, request_body&)> streaming_handler_;
};

/// Handles one WebSocket: `[](connection socket) -> task<void> {...}`, or `[](connection socket, const request& req) ->
/// task<void> {...}`; the request stays valid until the task ends. Runs on the connection's thread. If the connection is
/// still open when the task ends, it is closed with 1000, or with 1011 if an exception left the task. The server keeps
/// running.
class websocket_handler {
 public:
  template <class F>
  requires std::is_invocable_r_v<task<void>, F&, connection, const request&> websocket_handler(F function)
      : function_(std::move(function)), takes_request_(true) {}

  template <class F>
  requires(std::is_invocable_r_v<task<void>, F&, connection> &&
           !std::is_invocable_r_v<task<void>, F&, connection, const request&>) websocket_handler(F function) {
    if (detail::is_empty_function(function)) return;
    function_ = [function = std::move(function)](connection socket, const request&) mutable {
      return function(std::move(socket));
    };
  }

  explicit operator bool() const noexcept { return static_cast<bool>(function_); }

  // Catches every other callable, for a short compile-time error.
  template <class F>
  requires(!std::is_same_v<F, websocket_handler> && !std::is_invocable_r_v<task<void>, F&, connection> &&
           !std::is_invocable_r_v<task<void>, F&, connection, const request&>) websocket_handler(F) {
    constexpr bool takes = std::is_invocable_v<F&, connection> || std::is_invocable_v<F&, connection, const request&>;
    static_assert(takes,
                  "a WebSocket handler takes a twinsocket::connection by value, and optionally a const "
                  "twinsocket::request& after it: "
                  "[](twinsocket::connection socket) -> twinsocket::task<void> {...}");
    static_assert(!takes,
                  "a WebSocket handler returns twinsocket::task<void>: "
                  "[](twinsocket::connection socket) -> twinsocket::task<void> {...}");
  }

  /// False if the handler ignores the request, which then need not be stored.
  [[nodiscard]] bool takes_request() const noexcept { return takes_request_; }
  [[nodiscard]] task<void> operator()(connection socket, const request& req) const {
    return function_(std::move(socket), req);
  }

 private:
  std::function<task<void>(connection, const request&)> function_;
  bool takes_request_ = false;
};

}  // namespace native
}  // namespace twinsocket
