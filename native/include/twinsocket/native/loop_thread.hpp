#pragma once

// An event loop on its own thread, for synchronous programs.
//
//   native::loop_thread loop;
//   auto socket = loop.run([&] { return connect("ws://127.0.0.1:8080/echo"); });
//   socket->try_send("hello");
//   auto reply = loop.run([&] { return socket->receive(); });

#include "twinsocket/detail/cxx20.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <semaphore>
#include <type_traits>
#include <utility>

#include "twinsocket/detail/branch.hpp"
#include "twinsocket/native/asio.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket {
inline namespace native {

/// An event loop on its own thread, for synchronous programs. run(), spawn() and executor() may be called from any
/// thread, except that run() must not be called on the loop's own.
class loop_thread {
 public:
  /// Starts the thread. Throws std::system_error if the system cannot create one.
  loop_thread();
  loop_thread(const loop_thread&) = delete;
  loop_thread& operator=(const loop_thread&) = delete;
  /// Closes the open connections with 1000, waits for the spawned tasks to end, and joins the thread. Must not be called on
  /// the loop's own thread. Connections that outlive it are closed.
  ~loop_thread();

  /// Calls `function` on the loop's thread, awaits what it returns (a task, or the awaitable of a connection's member
  /// function), and returns the result. Blocks the calling thread. An exception is rethrown. Callable from any thread except
  /// the loop's own: a call from a task on the loop would deadlock, so the program terminates with a message.
  template <class F>
  auto run(F function) {
    using awaited = std::invoke_result_t<F&>;
    using value_type = decltype(detail::awaiter_of(std::declval<awaited&>()).await_resume());
    blocking_call done;
    if constexpr (std::is_void_v<value_type>) {
      start(await_value(function), done);
      done.wait();
    } else {
      std::optional<std::remove_cvref_t<value_type>> value;
      start(await_value(function, value), done);
      done.wait();
      return std::move(*value);
    }
  }

  /// Starts a task on the loop, as native::spawn() does. Callable from any thread.
  void spawn(task<void> work) { native::spawn(executor(), std::move(work)); }
  template <class F>
  requires std::is_invocable_r_v<task<void>, F&> void spawn(F function) {
    native::spawn(executor(), std::move(function));
  }

  /// The executor of the loop, to post work and to construct I/O objects of Asio. Do not use it after the loop_thread
  /// was destroyed.
  [[nodiscard]] boost::asio::any_io_executor executor() const noexcept;

 private:
  struct blocking_call {
    void wait();
    std::binary_semaphore ended{0};
    std::exception_ptr failure;
  };

  template <class F>
  static task<void> await_value(F& function) {
    auto operation = function();
    auto&& awaiter = detail::awaiter_of(operation);
    co_await awaiter;
  }
  template <class F, class T>
  static task<void> await_value(F& function, std::optional<T>& value) {
    auto operation = function();
    auto&& awaiter = detail::awaiter_of(operation);
    value.emplace(co_await awaiter);
  }
  void start(task<void> work, blocking_call& done);

  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace native
}  // namespace twinsocket
