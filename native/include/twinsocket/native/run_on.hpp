#pragma once

// Runs blocking work on other threads; the task awaits the result.
//
//   boost::asio::thread_pool pool(4);
//   const auto picture = co_await native::run_on(pool, [path] { return load(path); });

#include "twinsocket/detail/cxx20.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "twinsocket/detail/awaitable.hpp"
#include "twinsocket/detail/loop_work_guard.hpp"
#include "twinsocket/detail/temporaries.hpp"
#include "twinsocket/native/asio.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {

template <class F>
class run_on_awaiter {
  using value_type = std::invoke_result_t<F&>;

 public:
  run_on_awaiter(boost::asio::any_io_executor executor, F function)
      : executor_(std::move(executor)), function_(std::move(function)) {}
  run_on_awaiter(run_on_awaiter&&) noexcept = default;
  ~run_on_awaiter() {
    if (operation_) operation_->abandon();
  }

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    operation_ = std::make_shared<operation>(std::move(function_));
    operation_->wait(waiting);
    work_.emplace();
    boost::asio::post(executor_, [to = operation_] {
      try {
        if constexpr (std::is_void_v<value_type>) {
          to->function();
          to->value.emplace();
        } else {
          to->value.emplace(to->function());
        }
      } catch (...) {
        to->failure = std::current_exception();
      }
      to->complete();
    });
  }
  value_type await_resume() {
    const auto done = std::exchange(operation_, nullptr);
    work_.reset();
    // Not shared with the other thread, which may still release the operation.
    rethrow(std::exchange(done->failure, nullptr));
    if constexpr (!std::is_void_v<value_type>) return std::move(*done->value);
  }

 private:
  struct operation final : asio_operation {
    explicit operation(F f) : function(std::move(f)) {}
    F function;
    std::optional<void_to_monostate<value_type>> value;
    std::exception_ptr failure;
  };

  boost::asio::any_io_executor executor_;
  F function_;
  std::shared_ptr<operation> operation_;
  std::optional<loop_work_guard> work_;
};

}  // namespace twinsocket::detail

namespace twinsocket {
inline namespace native {

/// `co_await run_on(executor, function)` calls `function` on a thread of the executor and returns its result. The task
/// resumes on its own thread. An exception of the function is rethrown. Destroying the task does not stop the function; its
/// result is then discarded. The function must therefore not reference the task's locals: capture by value.
template <class F>
[[nodiscard]] auto run_on(boost::asio::any_io_executor executor, F&& function) {
  static_assert(
      detail::safe_in_co_await<F>,
      "name the function first, as in `const auto work = [captures] {...}; co_await run_on(pool, work);`: g++ before "
      "13 destroys the captures of a lambda inside a co_await expression twice");
  return detail::run_on_awaiter<std::remove_cvref_t<F>>(std::move(executor), std::forward<F>(function));
}

/// Overload for a boost::asio::thread_pool or another execution context.
template <class Context, class F>
requires std::is_base_of_v<boost::asio::execution_context, Context>
[[nodiscard]] auto run_on(Context& context, F&& function) {
  return run_on(boost::asio::any_io_executor(context.get_executor()), std::forward<F>(function));
}

}  // namespace native
}  // namespace twinsocket
