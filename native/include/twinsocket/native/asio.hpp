#pragma once

// Asio and tasks together.
//
// In a task, any asynchronous operation of Asio or Beast is awaited with the completion token use_task:
//
//   auto [failure, count] = co_await socket.async_read_some(buffer, twinsocket::native::use_task);
//
// A completion handler's arguments become the value: none is void, one is that one, more are a std::tuple. The operation
// starts when it is awaited. The task goes on on the thread of its own event loop, whichever thread completes the operation.
// An I/O object must belong to the io_context on which the task runs. A task that is destroyed while it waits cancels the
// operation (cancellation_type::terminal); what a composed operation such as async_read() uses must then outlive it until its
// io_context has run once more, or ended.
//
// The other way round, a task is an asynchronous operation of Asio's: see as_operation.hpp.

#include "twinsocket/detail/cxx20.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/execution_context.hpp>
#include <coroutine>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "twinsocket/detail/loop_handle.hpp"
#include "twinsocket/detail/loop_work.hpp"
#include "twinsocket/detail/resumable.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::native {

/// The completion token.
struct use_task_t {};
inline constexpr use_task_t use_task{};

/// Starts a task on an io_context of Asio's, from any thread: it begins in a later turn of that io_context. Each
/// io_context that runs tasks is run by one thread. A task that still waits when its io_context is destroyed is destroyed
/// where it waits. An exception that leaves the task ends the program, which prints its text.
void spawn(const boost::asio::any_io_executor& executor, task<void> work);

/// The same; at the task's end `done` is called with the exception that left it, or null.
void spawn(const boost::asio::any_io_executor& executor, task<void> work, std::function<void(std::exception_ptr)> done);

/// Starts the task that a function gives, and keeps the function with its captures until the task has ended.
template <class F>
  requires std::is_invocable_r_v<task<void>, F&>
void spawn(const boost::asio::any_io_executor& executor, F function) {
  spawn(executor, detail::keep_and_run(std::move(function)));
}

/// The same on an io_context.
template <class Context, class Work>
  requires std::is_base_of_v<boost::asio::execution_context, Context>
void spawn(Context& context, Work work) {
  spawn(boost::asio::any_io_executor(context.get_executor()), std::move(work));
}

/// The executor of the io_context on which the task runs that calls this: a server's handler, or native::run(). For Asio's
/// own objects: `boost::asio::steady_timer timer(native::current_executor());`
[[nodiscard]] boost::asio::any_io_executor current_executor();

/// `co_await this_executor` is current_executor().
struct this_executor_t {
  [[nodiscard]] bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  [[nodiscard]] boost::asio::any_io_executor await_resume() const { return current_executor(); }
};
inline constexpr this_executor_t this_executor{};

}  // namespace twinsocket::native

namespace twinsocket::detail {

/// An operation of Asio's that a coroutine waits for. Shared by both: the coroutine may be destroyed before it completes.
class asio_operation : public resumable, public std::enable_shared_from_this<asio_operation> {
 public:
  asio_operation();

  // The coroutine's thread.
  void wait(std::coroutine_handle<> coroutine) noexcept { set_waiting(coroutine); }
  /// The coroutine is destroyed.
  void abandon();

  // Asio's side.
  /// Once the values are there, on any thread.
  void complete();
  [[nodiscard]] boost::asio::cancellation_slot slot() noexcept { return stop_.slot(); }

 protected:
  ~asio_operation() = default;

 private:
  const std::shared_ptr<loop_handle> home_;
  boost::asio::cancellation_signal stop_;
  bool completed_ = false;
};

template <class Initiation, class Arguments, class... Values>
class asio_awaiter {
 public:
  asio_awaiter(Initiation initiation, Arguments arguments)
      : initiation_(std::move(initiation)), arguments_(std::move(arguments)) {}
  asio_awaiter(asio_awaiter&&) noexcept = default;
  ~asio_awaiter() {
    if (operation_) operation_->abandon();
  }

  [[nodiscard]] bool await_ready() const noexcept { return false; }

  void await_suspend(std::coroutine_handle<> waiting) {
    operation_ = std::make_shared<operation>();
    work_.emplace();
    operation_->wait(waiting);
    std::apply(
        [&](auto&&... arguments) {
          std::move(initiation_)(handler{operation_}, std::forward<decltype(arguments)>(arguments)...);
        },
        std::move(arguments_));
  }

  auto await_resume() {
    const auto done = std::exchange(operation_, nullptr);
    work_.reset();
    if constexpr (sizeof...(Values) == 1) {
      return std::get<0>(std::move(*done->values));
    } else if constexpr (sizeof...(Values) > 1) {
      return std::move(*done->values);
    }
  }

 private:
  struct operation final : asio_operation {
    std::optional<std::tuple<Values...>> values;
  };
  struct handler {
    using cancellation_slot_type = boost::asio::cancellation_slot;
    [[nodiscard]] cancellation_slot_type get_cancellation_slot() const noexcept { return to->slot(); }
    void operator()(Values... values) {
      to->values.emplace(std::move(values)...);
      to->complete();
    }
    std::shared_ptr<operation> to;
  };

  Initiation initiation_;
  Arguments arguments_;
  std::shared_ptr<operation> operation_;
  std::optional<loop_work> work_;
};

}  // namespace twinsocket::detail

template <class... Values>
class boost::asio::async_result<twinsocket::native::use_task_t, void(Values...)> {
 public:
  template <class Initiation, class... Arguments>
  static auto initiate(Initiation initiation, twinsocket::native::use_task_t, Arguments... arguments) {
    using bundle = std::tuple<std::decay_t<Arguments>...>;
    return twinsocket::detail::asio_awaiter<std::decay_t<Initiation>, bundle, std::decay_t<Values>...>(
        std::move(initiation), bundle(std::move(arguments)...));
  }
};
