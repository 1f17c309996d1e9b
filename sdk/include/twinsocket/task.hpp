#pragma once

// task<T>, a coroutine that can be awaited. The same coroutine compiles natively and to WebAssembly. A task belongs to
// one thread: that of the event loop on which it is spawned.

#include "twinsocket/detail/cxx20.hpp"

#include <algorithm>
#include <boost/intrusive/list_hook.hpp>
#include <chrono>
#include <concepts>
#include <coroutine>
#include <exception>
#include <functional>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "twinsocket/detail/awaitable_base.hpp"
#include "twinsocket/detail/fatal.hpp"
#include "twinsocket/detail/function_name.hpp"
#include "twinsocket/detail/resumable.hpp"
#include "twinsocket/detail/timer.hpp"
#include "twinsocket/detail/trampoline.hpp"

namespace twinsocket {

template <class T = void>
class task;

namespace detail {

// True for a lambda with captures to which a coroutine refers because it is the lambda's body. An argument that is
// passed by value is in the coroutine's frame, and neither const nor a reference here. (clang before 17 and Visual C++ do not tell.)
template <class T>
[[nodiscard]] consteval bool refers_to_captures() {
  using named = std::remove_reference_t<T>;
  if (!std::is_class_v<named> || std::is_empty_v<named>) return false;
  if (!std::is_reference_v<T> && !std::is_const_v<named>) return false;
  const std::string_view name = TWINSOCKET_DETAIL_FUNCTION_NAME;
  const auto first = name.find("T = ");
  const auto lambda = std::min(name.rfind("<lambda("), name.rfind("(lambda at "));
  if (first == name.npos || lambda == name.npos) return false;
  int depth = 0;  // A template argument may be a lambda too.
  for (const char c : name.substr(first, lambda - first)) depth += c == '<' ? 1 : c == '>' ? -1 : 0;
  return depth == 0;
}

// The layout is the same with and without exceptions, so that both kinds of code can be linked together.
class promise_base {
 public:
  explicit promise_base(bool borrows_captures) noexcept : borrows_captures_(borrows_captures) {}

  /// True if the captures of a lambda must outlive the coroutine.
  [[nodiscard]] bool borrows_captures() const noexcept { return borrows_captures_; }

  struct final_awaiter {
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> finished) const noexcept {
      trampoline::transfer_to(finished.promise().continuation_);
    }
    void await_resume() const noexcept {}
  };

  [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
  [[nodiscard]] final_awaiter final_suspend() const noexcept { return {}; }
  void unhandled_exception() noexcept {
#if defined(__cpp_exceptions)
    exception_ = std::current_exception();
#else
    std::terminate();
#endif
  }
  void set_continuation(std::coroutine_handle<> continuation) noexcept { continuation_ = continuation; }
  /// Returns true if it was awaited before.
  [[nodiscard]] bool set_awaited() noexcept { return std::exchange(awaited_, true); }

 protected:
  void rethrow_if_failed() const {
#if defined(__cpp_exceptions)
    if (exception_) std::rethrow_exception(exception_);
#endif
  }

 private:
  std::coroutine_handle<> continuation_;
  std::exception_ptr exception_;
  const bool borrows_captures_;
  bool awaited_ = false;
};

template <class T>
class promise : public promise_base {
 public:
  promise() noexcept : promise_base(false) {}
  /// A coroutine with arguments. The first is the lambda if the coroutine is the body of one.
  template <class First, class... Rest>
  explicit promise(First&, Rest&...) noexcept : promise_base(refers_to_captures<First>()) {}

  [[nodiscard]] task<T> get_return_object() noexcept;
  template <class U>
  void return_value(U&& value) {
    value_.emplace(std::forward<U>(value));
  }
  [[nodiscard]] T take() {
    rethrow_if_failed();
    return std::move(*value_);
  }

 private:
  std::optional<T> value_;
};

template <>
class promise<void> : public promise_base {
 public:
  promise() noexcept : promise_base(false) {}
  /// A coroutine with arguments. The first is the lambda if the coroutine is the body of one.
  template <class First, class... Rest>
  explicit promise(First&, Rest&...) noexcept : promise_base(refers_to_captures<First>()) {}

  [[nodiscard]] task<void> get_return_object() noexcept;
  void return_void() const noexcept {}
  void take() const { rethrow_if_failed(); }
};

}  // namespace detail

/// A coroutine that yields a T. It starts when it is awaited or passed to spawn(). Move-only. Destroying a task that
/// has not started runs nothing. Destroying a suspended one destroys what its body holds.
///
/// An exception that leaves the body is rethrown by co_await (without exceptions it ends the program). A task is
/// awaited once: awaiting it again, or a moved-from one, aborts the program with an error message.
template <class T>
class [[nodiscard("a task begins when it is awaited or spawned: co_await is missing")]] task
    : public detail::awaitable_base {
 public:
  using promise_type = detail::promise<T>;

  task(task && other) noexcept : coroutine_(std::exchange(other.coroutine_, nullptr)) {}
  task& operator=(task&& other) noexcept {
    if (this != &other) {
      if (coroutine_) coroutine_.destroy();
      coroutine_ = std::exchange(other.coroutine_, nullptr);
    }
    return *this;
  }
  ~task() {
    if (coroutine_) coroutine_.destroy();
  }

  auto operator co_await()&& noexcept {
    struct awaiter {
      explicit awaiter(std::coroutine_handle<promise_type> c) noexcept : coroutine(c) {}

      [[nodiscard]] bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<> caller) const noexcept {
        coroutine.promise().set_continuation(caller);
        detail::trampoline::transfer_to(coroutine);
      }
      T await_resume() const { return coroutine.promise().take(); }

      std::coroutine_handle<promise_type> coroutine;
    };
    if (!coroutine_ || coroutine_.promise().set_awaited())
      detail::fatal("a task is awaited a second time, or after it was moved from");
    return awaiter{coroutine_};
  }
  /// Awaiting a named task does not compile without std::move().
  template <class Dependent = void>
  auto operator co_await()& noexcept {
    static_assert(!std::is_void_v<Dependent>, "a task can be awaited only once: write co_await std::move(name)");
    return std::move(*this).operator co_await();
  }

  /// For spawn() and the like: true if the task is the body of a lambda whose captures it uses.
  [[nodiscard]] bool borrows_captures() const noexcept { return coroutine_ && coroutine_.promise().borrows_captures(); }

 private:
  friend promise_type;
  explicit task(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}

  std::coroutine_handle<promise_type> coroutine_;
};

namespace detail {

/// Linked into the list of its event loop for as long as it lives.
class spawned_frame : public boost::intrusive::list_base_hook<auto_unlink> {
 public:
  void destroy() const { self_.destroy(); }

 protected:
  void adopt(std::coroutine_handle<> self) noexcept;

 private:
  std::coroutine_handle<> self_;
};

template <class T>
task<T> promise<T>::get_return_object() noexcept {
  return task<T>(std::coroutine_handle<promise>::from_promise(*this));
}
inline task<void> promise<void>::get_return_object() noexcept {
  return task<void>(std::coroutine_handle<promise>::from_promise(*this));
}

// A coroutine that nothing awaits. It destroys itself when it ends; otherwise its event loop does when the loop ends.
struct detached_task {
  struct promise_type : spawned_frame {
    detached_task get_return_object() noexcept {
      const auto self = std::coroutine_handle<promise_type>::from_promise(*this);
      adopt(self);
      return {self};
    }
    [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
    [[nodiscard]] std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() const noexcept { std::terminate(); }
  };
  std::coroutine_handle<promise_type> coroutine;
};

inline void rethrow([[maybe_unused]] const std::exception_ptr& failure) {
#if defined(__cpp_exceptions)
  if (failure) std::rethrow_exception(failure);
#endif
}

template <class T>
void require_spawnable(const task<T>& work) {
  if (work.borrows_captures())
    fatal(
        "spawn([captures]() -> task<void> {...}()) destroys the captures before the task has run: pass the lambda "
        "itself, "
        "as in spawn([captures]() -> task<void> {...})");
}

template <class F>
task<void> run_with_captures(F function) {
  co_await function();
}

template <class T, class Done>
detached_task run_detached(task<T> work, Done done) {
  std::exception_ptr failure;
#if defined(__cpp_exceptions)
  try {
#endif
    if constexpr (std::is_void_v<T>) {
      co_await std::move(work);
    } else {
      T value = co_await std::move(work);
      done(std::move(value));
      co_return;
    }
#if defined(__cpp_exceptions)
  } catch (...) {
    failure = std::current_exception();
  }
#endif
  done(failure);
}

}  // namespace detail

/// Starts a task immediately, on this thread, and runs it until it first suspends. It then continues on the event loop.
/// If the loop ends before the task, the suspended task is destroyed.
///
/// An exception that leaves the task ends the program, which prints the exception's text. A task that is the body of a
/// lambda with captures ends the program too, because the captures would be gone before the task has run. Pass the
/// lambda itself.
inline void spawn(task<void> work) {
  detail::require_spawnable(work);
  auto end = [](const std::exception_ptr& failure) { detail::rethrow(failure); };
  detail::trampoline::run(detail::run_detached(std::move(work), end).coroutine);
}

/// Starts a task like spawn(work). Its end calls `done(std::exception_ptr)`, with the exception that left it or null.
template <class Done>
void spawn(task<void> work, Done done) {
  detail::require_spawnable(work);
  detail::trampoline::run(detail::run_detached(std::move(work), std::move(done)).coroutine);
}

/// Spawning a task that has a value does not compile.
template <class T, class... Done>
void spawn(task<T>, Done...) {
  static_assert(std::is_void_v<T>,
                "spawn() takes a task<void>, because the value of any other would be discarded: "
                "await the task in a task<void> that uses its value");
}

/// Starts the task that a function returns, and keeps the function with its captures until the task has ended:
/// `spawn([name]() -> task<void> {...})`. A std::reference_wrapper keeps nothing: `spawn(std::ref(function))`.
template <class F>
requires std::is_invocable_r_v<task<void>, F&> void spawn(F function) {
  spawn(detail::run_with_captures(std::move(function)));
}

/// `co_await sleep_for(1s)` suspends for that long; the largest durations suspend forever. The resolution is that of
/// the platform's timers. Only in a task on an event loop of twinsocket (a server's handler, native::run,
/// native::spawn, or a browser). Move-only until it is awaited.
class sleep_for : private detail::resumable, private detail::timer {
 public:
  template <class Rep, class Period>
  explicit sleep_for(std::chrono::duration<Rep, Period> time) noexcept : time_(detail::saturated(time)) {}
  sleep_for(sleep_for&& other) noexcept : time_(other.time_) {}

  [[nodiscard]] bool await_ready() const noexcept { return time_.count() <= 0; }
  void await_suspend(std::coroutine_handle<> waiting);
  void await_resume() const noexcept {}

 private:
  void on_timer(detail::time_point now) override;

  std::chrono::nanoseconds time_;
};

}  // namespace twinsocket
