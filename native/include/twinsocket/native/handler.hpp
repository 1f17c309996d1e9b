#pragma once

// The functions that a server calls. Each is copied into the server and lives as long as it does, so what it captures
// may be used up to the end of its task. With several threads (server_options::threads) it is called by several at
// once.

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

#include "twinsocket/connection.hpp"
#include "twinsocket/native/request.hpp"
#include "twinsocket/native/request_body.hpp"
#include "twinsocket/native/response.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket {

namespace detail {

/// True for a std::function or a pointer without a function: the server refuses it when it is registered, not when it is called.
template <class F>
[[nodiscard]] bool is_empty_function(const F& function) {
  if constexpr (std::is_constructible_v<bool, const F&>) {
    return !static_cast<bool>(function);
  } else {
    return false;
  }
}

}  // namespace detail

/// A function of a request that returns a Result, or a task of it where it has to wait:
/// `[](const request& asked) -> response {...}` or `[](const request& asked) -> task<response> {...}`.
template <class Result>
class request_handler {
 public:
  request_handler() = default;

  template <class F>
  requires std::is_invocable_r_v<Result, F&, const request&> request_handler(F function) {
    if (detail::is_empty_function(function)) return;
    function_ = [function = std::move(function)](const request& asked) mutable -> task<Result> { co_return function(asked); };
  }

  template <class F>
  requires std::is_invocable_r_v<task<Result>, F&, const request&> request_handler(F function)
      : function_(std::move(function)) {}

  // Any other function, so that the compiler says why it is none in one sentence.
  template <class F>
  requires(!std::is_same_v<F, request_handler> && !std::is_invocable_r_v<Result, F&, const request&> &&
           !std::is_invocable_r_v<task<Result>, F&, const request&>) request_handler(F) {
    static_assert(std::is_invocable_v<F&, const request&>,
                  "a handler of requests takes a const twinsocket::request&, as in "
                  "[](const twinsocket::request& asked) -> twinsocket::response {...}");
    static_assert(!std::is_invocable_v<F&, const request&>,
                  "a handler of requests returns what is answered, a twinsocket::response (of on_request a "
                  "twinsocket::admission), or a twinsocket::task of it");
  }

  explicit operator bool() const noexcept { return static_cast<bool>(function_); }
  [[nodiscard]] task<Result> operator()(const request& asked) const { return function_(asked); }

 private:
  std::function<task<Result>(const request&)> function_;
};

/// What answers HTTP requests: a request_handler<response>, called when all of a request is there, or, for content of any size,
/// `[](const request& asked, request_body& body) -> task<response> {...}`, called as soon as the header is.
class http_handler {
 public:
  http_handler() = default;

  template <class F>
  requires(!std::is_same_v<F, http_handler> &&
           std::is_invocable_r_v<task<response>, F&, const request&, request_body&>) http_handler(F function)
      : in_pieces_(std::move(function)) {}

  template <class F>
  requires(!std::is_same_v<F, http_handler> && std::is_constructible_v<request_handler<response>, F> &&
           !std::is_invocable_r_v<task<response>, F&, const request&, request_body&>) http_handler(F function)
      : whole_(std::move(function)) {}

  explicit operator bool() const noexcept { return whole_ || in_pieces_; }
  /// Whether it reads the content itself.
  [[nodiscard]] bool reads_body() const noexcept { return static_cast<bool>(in_pieces_); }
  [[nodiscard]] task<response> operator()(const request& asked, request_body& body) const {
    return in_pieces_ ? in_pieces_(asked, body) : whole_(asked);
  }

 private:
  request_handler<response> whole_;
  std::function<task<response>(const request&, request_body&)> in_pieces_;
};

/// A conversation: `[](connection socket) -> task<void> {...}`, or `[](connection socket, const request& asked) ->
/// task<void> {...}`, whose request lives until the task ends. It runs on the connection's own thread. When it ends,
/// what it leaves open is closed with 1000; when it throws, with 1011, and the server goes on.
class websocket_handler {
 public:
  template <class F>
  requires std::is_invocable_r_v<task<void>, F&, connection, const request&> websocket_handler(F function)
      : function_(std::move(function)), wants_request_(true) {}

  template <class F>
  requires(std::is_invocable_r_v<task<void>, F&, connection> &&
           !std::is_invocable_r_v<task<void>, F&, connection, const request&>) websocket_handler(F function) {
    if (detail::is_empty_function(function)) return;
    function_ = [function = std::move(function)](connection socket, const request&) mutable {
      return function(std::move(socket));
    };
  }

  explicit operator bool() const noexcept { return static_cast<bool>(function_); }

  // Any other function, so that the compiler says why it is none in one sentence.
  template <class F>
  requires(!std::is_same_v<F, websocket_handler> && !std::is_invocable_r_v<task<void>, F&, connection> &&
           !std::is_invocable_r_v<task<void>, F&, connection, const request&>) websocket_handler(F) {
    constexpr bool takes = std::is_invocable_v<F&, connection> || std::is_invocable_v<F&, connection, const request&>;
    static_assert(takes, "a WebSocket handler takes a twinsocket::connection by its value, and may take a const "
                         "twinsocket::request& behind it: "
                         "[](twinsocket::connection socket) -> twinsocket::task<void> {...}");
    static_assert(!takes, "a WebSocket handler returns twinsocket::task<void>: "
                          "[](twinsocket::connection socket) -> twinsocket::task<void> {...}");
  }

  /// Where it is false the request need not be kept.
  [[nodiscard]] bool wants_request() const noexcept { return wants_request_; }
  [[nodiscard]] task<void> operator()(connection socket, const request& asked) const {
    return function_(std::move(socket), asked);
  }

 private:
  std::function<task<void>(connection, const request&)> function_;
  bool wants_request_ = false;
};

}  // namespace twinsocket
