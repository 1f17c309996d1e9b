#pragma once

// Asio inside a task: any asynchronous operation of Asio or Beast is awaited with the completion token use_task.
//
//   auto [failure, count] = co_await socket.async_read_some(buffer, twinsocket::native::use_task);
//
// A completion handler's arguments become the value: none is void, one is that one, more are a std::tuple. The operation
// starts when it is awaited. Its I/O object must belong to the io_context on which the task runs.

#include "twinsocket/detail/cxx20.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <coroutine>
#include <functional>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "twinsocket/task.hpp"

namespace twinsocket::native {

/// The completion token.
struct use_task_t {};
inline constexpr use_task_t use_task{};

/// Starts a task on an io_context of Asio's, from any thread: it begins in a later turn of that io_context. Each
/// io_context that runs tasks is run by one thread. An exception that leaves the task ends the program. A task that still
/// waits when its io_context is destroyed is destroyed where it waits.
void spawn(const boost::asio::any_io_executor& executor, task<void> work);

}  // namespace twinsocket::native

namespace twinsocket::detail {

/// Resumes a coroutine inside a turn of the event loop that it belongs to.
class resumer {
 public:
  resumer();
  void operator()(std::coroutine_handle<> waiting) const;

 private:
  class loop* loop_;
};

template <class Initiation, class Arguments, class... Values>
class asio_awaiter {
 public:
  asio_awaiter(Initiation initiation, Arguments arguments)
      : initiation_(std::move(initiation)), arguments_(std::move(arguments)) {}

  [[nodiscard]] bool await_ready() const noexcept { return false; }

  void await_suspend(std::coroutine_handle<> waiting) {
    std::apply(
        [&](auto&&... arguments) {
          std::move(initiation_)(
              [this, waiting, resume = resumer()](Values... values) {
                values_.emplace(std::move(values)...);
                resume(waiting);
              },
              std::forward<decltype(arguments)>(arguments)...);
        },
        std::move(arguments_));
  }

  auto await_resume() {
    if constexpr (sizeof...(Values) == 1) {
      return std::get<0>(std::move(*values_));
    } else if constexpr (sizeof...(Values) > 1) {
      return std::move(*values_);
    }
  }

 private:
  Initiation initiation_;
  Arguments arguments_;
  std::optional<std::tuple<Values...>> values_;
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
