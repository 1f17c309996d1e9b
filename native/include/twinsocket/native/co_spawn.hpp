#pragma once

// Runs a task as an asynchronous operation of Asio, with use_awaitable or any other completion token.
//
//   auto message = co_await native::co_spawn(io, [&] { return socket.receive(); }, boost::asio::use_awaitable);
//   native::co_spawn(io, connect(url), [](result<connection> opened) {...});
//   std::future<close_info> ended = native::co_spawn(io, [&] { return socket.close(); }, boost::asio::use_future);

#include "twinsocket/detail/cxx20.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "twinsocket/detail/awaitable.hpp"
#include "twinsocket/detail/temporaries.hpp"
#include "twinsocket/native/asio.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {

/// The completion handler and its result. The work guard keeps the handler's executor running until the handler is called.
template <class Handler, class T>
struct spawned_operation {
  using executor_type = boost::asio::associated_executor_t<Handler, boost::asio::any_io_executor>;

  spawned_operation(Handler h, const boost::asio::any_io_executor& usual)
      : handler(std::move(h)), work(boost::asio::get_associated_executor(handler, usual)) {}

  Handler handler;
  boost::asio::executor_work_guard<executor_type> work;
  std::optional<void_to_monostate<T>> value;
};

template <class State, class F>
task<void> run_operation(std::shared_ptr<State> to, F function) {
  auto operation = function();
  auto&& awaiter = awaiter_of(operation);
  if constexpr (std::is_void_v<decltype(awaiter.await_resume())>) {
    co_await awaiter;
    to->value.emplace();
  } else {
    to->value.emplace(co_await awaiter);
  }
}

template <class W>
inline constexpr bool is_task = false;
template <class T>
inline constexpr bool is_task<task<T>> = true;

/// What a function must return for co_spawn(). False for boost::asio::awaitable, which Asio's own co_spawn() takes.
template <class A>
concept spawnable_awaitable = requires(A& a) {
  awaiter_of(a).await_suspend(std::coroutine_handle<>());
};
template <class F>
concept spawnable_function = std::is_invocable_v<F&> && spawnable_awaitable<std::invoke_result_t<F&>>;
template <class W>
concept spawnable_work = is_task<std::remove_cvref_t<W>> || spawnable_function<std::remove_cvref_t<W>>;

template <class T>
struct spawn_signature {
  using type = void(T);
};
template <>
struct spawn_signature<void> {
  using type = void();
};

template <class T>
struct spawn_initiation {
  template <class Handler, class F>
  void operator()(Handler&& handler, boost::asio::any_io_executor executor, F function) const {
    using state = spawned_operation<std::decay_t<Handler>, T>;
    auto to = std::make_shared<state>(std::forward<Handler>(handler), executor);
    native::spawn(executor, run_operation(to, std::move(function)), [to](const std::exception_ptr& failure) {
      rethrow(failure);
      boost::asio::dispatch(to->work.get_executor(), [to] {
        to->work.reset();
        if constexpr (std::is_void_v<T>) {
          std::move(to->handler)();
        } else {
          std::move(to->handler)(std::move(*to->value));
        }
      });
    });
  }
};

template <class F, class Token>
auto spawn_operation(const boost::asio::any_io_executor& executor, F function, Token&& token) {
  using awaited = std::invoke_result_t<F&>;
  using T = std::remove_cvref_t<decltype(awaiter_of(std::declval<awaited&>()).await_resume())>;
  return boost::asio::async_initiate<Token, typename spawn_signature<T>::type>(spawn_initiation<T>(), token, executor,
                                                                               std::move(function));
}

}  // namespace twinsocket::detail

namespace twinsocket {
inline namespace native {

/// Calls `function` on the executor's io_context and awaits what it returns: a task, or the awaitable of a connection's
/// member function. The executor must be that of the connection in use. The function and its captures are kept until the
/// operation completes. The completion signature is void(T), or void() if T is void. The handler runs on its associated
/// executor. An exception that leaves the task terminates the program. Callable from any thread.
template <class F, class Token>
requires detail::spawnable_function<std::remove_cvref_t<F>>
auto co_spawn(const boost::asio::any_io_executor& executor, F&& function, Token&& token) {
  static_assert(
      detail::safe_in_co_await<F>,
      "name the function first: g++ before 13 destroys the captures of a lambda inside a co_await expression twice");
  return detail::spawn_operation(executor, std::remove_cvref_t<F>(std::forward<F>(function)),
                                 std::forward<Token>(token));
}

/// Overload for a task.
template <class T, class Token>
auto co_spawn(const boost::asio::any_io_executor& executor, task<T> work, Token&& token) {
  detail::require_spawnable(work);
  auto give = [work = std::move(work)]() mutable { return std::move(work); };
  return detail::spawn_operation(executor, std::move(give), std::forward<Token>(token));
}

/// Overload for an io_context.
template <class Context, class Work, class Token>
requires std::is_base_of_v<boost::asio::execution_context, Context> && detail::spawnable_work<Work>
auto co_spawn(Context& context, Work&& work, Token&& token) {
  return co_spawn(boost::asio::any_io_executor(context.get_executor()), std::forward<Work>(work),
                  std::forward<Token>(token));
}

}  // namespace native
}  // namespace twinsocket
