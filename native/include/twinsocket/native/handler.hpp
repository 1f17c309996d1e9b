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
#include "twinsocket/task.hpp"

namespace twinsocket {

/// A function of a request that returns a Result, or a task of it where it has to wait:
/// `[](const request& asked) -> response {...}` or `[](const request& asked) -> task<response> {...}`.
template <class Result>
class request_handler {
 public:
  request_handler() = default;

  template <class F>
  requires std::is_invocable_r_v<Result, F&, const request&> request_handler(F function)
      : function_([function = std::move(function)](const request& asked) mutable -> task<Result> {
          co_return function(asked);
        }) {}

  template <class F>
  requires std::is_invocable_r_v<task<Result>, F&, const request&> request_handler(F function)
      : function_(std::move(function)) {}

  explicit operator bool() const noexcept { return static_cast<bool>(function_); }
  [[nodiscard]] task<Result> operator()(const request& asked) const { return function_(asked); }

 private:
  std::function<task<Result>(const request&)> function_;
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
           !std::is_invocable_r_v<task<void>, F&, connection, const request&>) websocket_handler(F function)
      : function_([function = std::move(function)](connection socket, const request&) mutable {
          return function(std::move(socket));
        }) {}

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
