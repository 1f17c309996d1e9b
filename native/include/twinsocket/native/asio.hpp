#pragma once

// Interoperation of tasks and Asio.
//
// Inside a task, any asynchronous operation of Asio or Beast can be awaited with the completion token use_task:
//
//   auto [failure, count] = co_await socket.async_read_some(buffer, twinsocket::native::use_task);
//
// The completion handler's arguments become the result: no argument is void, one is that value, several are a std::tuple.
// The operation is initiated when it is awaited. The task resumes on the thread of its own event loop, whichever thread
// completes the operation. The I/O object must belong to the io_context that runs the task.
//
// Destroying a suspended task cancels the operation (cancellation_type::terminal). The buffers and objects that a composed
// operation such as async_read() uses must then stay alive until its io_context has run once more, or has stopped.
//
// To use a task as an asynchronous operation of Asio, see co_spawn.hpp.

#include "twinsocket/detail/cxx20.hpp"

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/execution_context.hpp>
#include <coroutine>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "twinsocket/detail/loop_handle.hpp"
#include "twinsocket/detail/loop_work_guard.hpp"
#include "twinsocket/detail/resumable.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket {
inline namespace native {

/// Completion token that makes an asynchronous operation awaitable inside a task.
struct use_task_t {};
inline constexpr use_task_t use_task{};  ///< Pass it as the last argument of an asynchronous operation.

/// Starts a task on an Asio io_context. The task begins in a later iteration of that event loop. If an exception leaves the
/// task, the program prints its message and terminates. A task that is still suspended when its io_context is destroyed is
/// destroyed with it. Callable from any thread. An io_context that runs tasks must be run by exactly one thread.
void spawn(const boost::asio::any_io_executor& executor, task<void> work);

/// As above. When the task has ended, `done` is called with the exception that left it, or null.
void spawn(const boost::asio::any_io_executor& executor, task<void> work, std::function<void(std::exception_ptr)> done);

/// Starts the task that `function` returns. Keeps the function and its captures until the task has ended.
template <class F>
requires std::is_invocable_r_v<task<void>, F&> void spawn(const boost::asio::any_io_executor& executor, F function) {
  spawn(executor, detail::run_with_captures(std::move(function)));
}

/// Overload for an io_context.
template <class Context, class Work>
requires std::is_base_of_v<boost::asio::execution_context, Context>
void spawn(Context& context, Work work) {
  spawn(boost::asio::any_io_executor(context.get_executor()), std::move(work));
}

/// Returns the executor of the io_context that runs the calling task, also in a server's handler and under native::run().
/// Use it to construct I/O objects: `boost::asio::steady_timer timer(native::current_executor());`
[[nodiscard]] boost::asio::any_io_executor current_executor();

/// `co_await this_executor` returns current_executor().
struct this_executor_t {
  [[nodiscard]] bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  [[nodiscard]] boost::asio::any_io_executor await_resume() const { return current_executor(); }
};
inline constexpr this_executor_t this_executor{};  ///< For `co_await this_executor`.

}  // namespace native
}  // namespace twinsocket

namespace twinsocket::detail {

/// A pending Asio operation that a coroutine awaits. Both sides share ownership, because the coroutine may be destroyed
/// before the operation completes.
class asio_operation : public resumable, public std::enable_shared_from_this<asio_operation> {
 public:
  asio_operation();

  // Called on the coroutine's thread.
  void wait(std::coroutine_handle<> coroutine) noexcept { set_waiting(coroutine); }
  /// Called when the coroutine is destroyed.
  void abandon();

  // Called by Asio.
  /// Called on any thread once the result is stored.
  void complete();
  /// The operation was started. From now on drop() resumes the coroutine.
  void started() noexcept { started_ = true; }
  /// Asio has destroyed the handler without calling it, because it ran out of memory or because its io_context ends.
  void drop() noexcept;
  [[nodiscard]] boost::asio::cancellation_slot slot() noexcept { return cancel_signal_.slot(); }

 protected:
  ~asio_operation() = default;

 private:
  const std::shared_ptr<loop_handle> loop_;
  boost::asio::cancellation_signal cancel_signal_;
  bool completed_ = false;
  std::atomic<bool> started_{false};
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
    operation_->started();
  }

  auto await_resume() {
    const auto done = std::exchange(operation_, nullptr);
    work_.reset();
    if (!done->values) throw std::bad_alloc();
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
    explicit handler(std::shared_ptr<operation> whose) noexcept : to(std::move(whose)) {}
    handler(handler&&) noexcept = default;
    ~handler() {
      if (to) to->drop();
    }
    [[nodiscard]] cancellation_slot_type get_cancellation_slot() const noexcept { return to->slot(); }
    void operator()(Values... values) {
      const auto done = std::move(to);
      done->values.emplace(std::move(values)...);
      done->complete();
    }
    std::shared_ptr<operation> to;
  };

  Initiation initiation_;
  Arguments arguments_;
  std::shared_ptr<operation> operation_;
  std::optional<loop_work_guard> work_;
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
