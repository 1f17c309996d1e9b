#pragma once

// A detached task whose value is awaited, on one event loop. If the background_call is destroyed, the task runs on and its
// value is dropped, because sockets and buffers of pending Asio operations can only be released once the operations complete.

#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "loop_event.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {

template <class T>
class background_call {
 public:
  /// Starts the task at once.
  explicit background_call(task<T> work) : state_(std::make_shared<state>()) { spawn(run(state_, std::move(work))); }

  /// Set when the task has ended.
  [[nodiscard]] loop_event& ended() const noexcept { return state_->ended; }
  /// The value, once the task has ended. Rethrows an exception that left the task.
  [[nodiscard]] T take() {
    if (state_->thrown) std::rethrow_exception(state_->thrown);
    return std::move(*state_->value);
  }

 private:
  struct state {
    std::optional<T> value;
    std::exception_ptr thrown;
    loop_event ended;
  };

  static task<void> run(std::shared_ptr<state> call, task<T> work) {
    try {
      call->value.emplace(co_await std::move(work));
    } catch (...) {
      call->thrown = std::current_exception();
    }
    call->ended.set();
  }

  const std::shared_ptr<state> state_;
};

}  // namespace twinsocket::detail
