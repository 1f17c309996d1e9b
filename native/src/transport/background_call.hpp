#pragma once

// A detached task whose value is awaited. If the awaiting coroutine is destroyed, the task runs on and its value is dropped,
// because sockets and buffers of pending Asio operations can only be released once the operations complete.

#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "loop.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {

template <class T>
class background_call : private resumable {
 public:
  /// Starts the task at once. co_await rethrows an exception that leaves the task.
  explicit background_call(task<T> work) : state_(std::make_shared<state>()) {
    state_->waiting = this;
    spawn(run(state_, std::move(work)));
  }
  background_call(const background_call&) = delete;
  background_call& operator=(const background_call&) = delete;
  ~background_call() { state_->waiting = nullptr; }

  [[nodiscard]] bool await_ready() const noexcept { return state_->over; }
  void await_suspend(std::coroutine_handle<> waiting) noexcept { set_waiting(waiting); }
  [[nodiscard]] T await_resume() {
    if (state_->thrown) std::rethrow_exception(state_->thrown);
    return std::move(*state_->value);
  }

 private:
  struct state {
    std::optional<T> value;
    std::exception_ptr thrown;
    bool over = false;
    background_call* waiting = nullptr;
  };

  static task<void> run(std::shared_ptr<state> call, task<T> work) {
    try {
      call->value.emplace(co_await std::move(work));
    } catch (...) {
      call->thrown = std::current_exception();
    }
    call->over = true;
    if (!call->waiting) {
      call->value.reset();
    } else if (call->waiting->waiting()) {
      loop::current()->resume(*call->waiting);
    }
  }

  std::shared_ptr<state> state_;
};

}  // namespace twinsocket::detail
