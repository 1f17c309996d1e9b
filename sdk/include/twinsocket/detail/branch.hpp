#pragma once

// One of several operations that a coroutine waits for, run as a coroutine of its own. The awaiter owns it; destroying
// it destroys the suspended operation.

#include "twinsocket/detail/cxx20.hpp"

#include <array>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "twinsocket/detail/awaitable.hpp"
#include "twinsocket/detail/fatal.hpp"
#include "twinsocket/detail/temporaries.hpp"
#include "twinsocket/detail/trampoline.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {

/// Called when a branch has ended. May destroy every branch but that one.
class branch_listener {
 public:
  /// Returns the coroutine to resume, or null.
  virtual std::coroutine_handle<> branch_ended() = 0;

 protected:
  ~branch_listener() = default;
};

class branch {
 public:
  class promise_type {
   public:
    [[nodiscard]] branch get_return_object() noexcept {
      return branch(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
    [[nodiscard]] auto final_suspend() const noexcept {
      struct ending {
        [[nodiscard]] bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<promise_type> finished) const noexcept {
          finished.promise().ended = true;
          if (const auto next = finished.promise().listener->branch_ended()) trampoline::transfer_to(next);
        }
        void await_resume() const noexcept {}
      };
      return ending();
    }
    void return_void() const noexcept {}
    void unhandled_exception() noexcept {
#if defined(__cpp_exceptions)
      failure = std::current_exception();
#else
      std::terminate();
#endif
    }

    branch_listener* listener = nullptr;
    std::exception_ptr failure;
    bool ended = false;
  };

  branch() = default;
  branch(branch&& other) noexcept : coroutine_(std::exchange(other.coroutine_, nullptr)) {}
  branch& operator=(branch&& other) noexcept {
    std::swap(coroutine_, other.coroutine_);
    return *this;
  }
  ~branch() { destroy(); }

  void start(branch_listener& listener) {
    coroutine_.promise().listener = &listener;
    trampoline::run(coroutine_);
  }
  void destroy() noexcept {
    if (coroutine_) std::exchange(coroutine_, nullptr).destroy();
  }
  [[nodiscard]] bool ended() const noexcept { return coroutine_ && coroutine_.promise().ended; }
  [[nodiscard]] const std::exception_ptr& failure() const noexcept { return coroutine_.promise().failure; }

 private:
  explicit branch(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}

  std::coroutine_handle<promise_type> coroutine_;
};

/// Awaits an operation and stores its value. Both must outlive the branch.
template <class A, class Value>
branch await_into(A& operation, std::optional<Value>& value) {
  auto&& awaiter = awaiter_of(operation);
  if constexpr (std::is_void_v<decltype(awaiter.await_resume())>) {
    co_await awaiter;
    value.emplace();
  } else {
    value.emplace(co_await awaiter);
  }
}

/// Starts several operations in their order, until the derived class is done. Everything runs on the thread of the
/// awaiting task.
template <class... A>
class branches_awaiter : private branch_listener {
 public:
  explicit branches_awaiter(A... operations) : operations_(std::optional<A>(std::move(operations))...) {}
  branches_awaiter(branches_awaiter&&) noexcept = default;

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    begin(std::index_sequence_for<A...>());
    if (done_) {
      trampoline::transfer_to(waiting);
    } else {
      waiting_ = waiting;
    }
  }

 protected:
  /// The operations too, because this awaiter may live on: what they wait for would resume a branch that is gone.
  void destroy_suspended() noexcept { destroy_suspended(std::index_sequence_for<A...>()); }

  std::tuple<std::optional<A>...> operations_;  // Empty once destroyed.
  std::tuple<std::optional<void_to_monostate<awaited_t<A>>>...> values_;
  std::array<branch, sizeof...(A)> branches_;

 private:
  template <std::size_t... I>
  void destroy_suspended(std::index_sequence<I...>) noexcept {
    const auto end = [this](auto index) {
      constexpr std::size_t i = decltype(index)::value;
      if (branches_[i].ended()) return;
      branches_[i].destroy();
      std::get<i>(operations_).reset();
    };
    (end(std::integral_constant<std::size_t, I>()), ...);
  }
  template <std::size_t... I>
  void begin(std::index_sequence<I...>) {
    const auto start = [this](auto index) {
      constexpr std::size_t i = decltype(index)::value;
      branches_[i] = await_into(*std::get<i>(operations_), std::get<i>(values_));
      branches_[i].start(*this);
      return !done_;
    };
    static_cast<void>((start(std::integral_constant<std::size_t, I>()) && ...));
  }
  // While the branches start, waiting_ is null.
  std::coroutine_handle<> branch_ended() final {
    done_ = is_done();
    return done_ ? waiting_ : nullptr;
  }
  /// Called when a branch has ended. Returns true when the wait is over; the other branches are destroyed then.
  [[nodiscard]] virtual bool is_done() = 0;

  std::coroutine_handle<> waiting_;
  bool done_ = false;
};

template <class A>
void require_joinable(const A&) {}
template <class T>
void require_joinable(const task<T>& work) {
  if (work.borrows_captures())
    fatal(
        "a task that is the body of a lambda with captures would outlive the captures: pass the lambda itself, as in "
        "when_any([captures]() -> task<void> {...})");
}

/// An operation: anything awaitable, or a function that returns a task, which is kept with its captures.
template <class F>
auto await_with_captures(F function) -> std::invoke_result_t<F&> {
  co_return co_await function();
}
template <class F>
requires(!awaitable<std::remove_reference_t<F>>) [[nodiscard]] auto operation_of(F&& function) {
  static_assert(
      safe_in_co_await<F>,
      "name the function first, as in `const auto work = [captures] {...}; co_await when_any(work, ...);`: g++ "
      "before 13 destroys the captures of a lambda inside a co_await expression twice");
  return await_with_captures<std::remove_cvref_t<F>>(std::forward<F>(function));
}
template <awaitable A>
requires(!std::is_lvalue_reference_v<A>) [[nodiscard]] A operation_of(A&& operation) {
  require_joinable(operation);
  return std::move(operation);
}

template <class A>
using operation_t = decltype(operation_of(std::declval<A>()));

}  // namespace twinsocket::detail
