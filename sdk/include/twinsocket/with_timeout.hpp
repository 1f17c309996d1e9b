#pragma once

// A timeout or cancellation for any operation.
//
//   auto drained = co_await with_timeout(socket.drained(), 5s);            // errc::timed_out
//   auto sent = co_await with_cancellation(socket.send(text), stop);       // errc::cancelled
//
// The operation is then destroyed while suspended, and loses nothing: a receive() leaves its message for the next one,
// a send() that still waited for room is not sent, and the connection stays open.
//
// The result is that of the operation if it can hold an error (result<T>, send_result), otherwise a result<T> of it.

#include "twinsocket/detail/cxx20.hpp"

#include <chrono>
#include <concepts>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "twinsocket/cancel.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/send_result.hpp"
#include "twinsocket/task.hpp"
#include "twinsocket/when_any.hpp"

namespace twinsocket {

namespace detail {

template <class T>
struct with_error {
  using type = result<T>;
};
template <>
struct with_error<std::monostate> {
  using type = result<void>;
};
template <class T>
requires(!std::is_void_v<T>) struct with_error<result<T>> {
  using type = result<T>;
};
template <class T>
requires std::is_base_of_v<result<void>, T>
struct with_error<T> {
  using type = result<void>;
};
template <>
struct with_error<send_result> {
  using type = send_result;
};
template <class T>
using with_error_t = typename with_error<T>::type;

template <class T>
[[nodiscard]] with_error_t<T> value_of(T value) {
  if constexpr (std::same_as<T, std::monostate>) {
    return {};
  } else {
    return value;
  }
}

template <class Operation>
class timeout_awaiter : public any_awaiter<Operation, sleep_for> {
  using base = any_awaiter<Operation, sleep_for>;

 public:
  timeout_awaiter(Operation operation, std::chrono::nanoseconds limit)
      : base(std::move(operation), sleep_for(limit)), limit_(limit) {}

  [[nodiscard]] auto await_resume() -> with_error_t<void_to_monostate<awaited_t<Operation>>> {
    auto first = base::await_resume();
    if (first.index() == 0) return value_of(std::get<0>(std::move(first)));
    const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(limit_);
    return error(errc::timed_out, "the limit is " + std::to_string(limit.count()) + " ms");
  }

 private:
  std::chrono::nanoseconds limit_;
};

/// Waits until the token is cancelled.
class cancelled_awaiter : public resumable, private cancellable {
 public:
  explicit cancelled_awaiter(cancellation_token stop) noexcept : token_(std::move(stop)) {}
  cancelled_awaiter(cancelled_awaiter&&) noexcept = default;

  [[nodiscard]] bool await_ready() const noexcept { return token_.cancelled(); }
  void await_suspend(std::coroutine_handle<> waiting) {
    set_waiting(waiting);
    token_.add(*this);
  }
  void await_resume() const noexcept {}

 private:
  void on_cancel() override;

  cancellation_token token_;
};

template <class Operation>
class cancellation_awaiter : public any_awaiter<cancelled_awaiter, Operation> {
  using base = any_awaiter<cancelled_awaiter, Operation>;

 public:
  cancellation_awaiter(Operation operation, cancellation_token stop)
      : base(cancelled_awaiter(std::move(stop)), std::move(operation)) {}

  [[nodiscard]] auto await_resume() -> with_error_t<void_to_monostate<awaited_t<Operation>>> {
    auto first = base::await_resume();
    if (first.index() == 1) return value_of(std::get<1>(std::move(first)));
    return error(errc::cancelled);
  }
};

}  // namespace detail

/// Waits for an operation, or a function that returns a task, for at most `limit`. The largest durations are no limit.
template <class Operation, class Rep, class Period>
[[nodiscard]] auto with_timeout(Operation&& operation, std::chrono::duration<Rep, Period> limit) {
  return detail::timeout_awaiter<detail::operation_t<Operation>>(
      detail::operation_of(std::forward<Operation>(operation)), detail::saturated(limit));
}

/// Waits for an operation, or a function that returns a task, until `stop` (a cancellation_source or a std::stop_token)
/// is cancelled, from any thread. If it is cancelled already the operation does not start.
template <class Operation>
[[nodiscard]] auto with_cancellation(Operation&& operation, cancellation_token stop) {
  return detail::cancellation_awaiter<detail::operation_t<Operation>>(
      detail::operation_of(std::forward<Operation>(operation)), std::move(stop));
}

}  // namespace twinsocket
