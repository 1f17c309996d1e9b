#pragma once

// Runs a task on another event loop and awaits its value here. Either side may end first: destroying the caller
// destroys the suspended task, and if the other loop ends the call completes without a value.

#include "twinsocket/detail/cxx20.hpp"

#include <coroutine>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "twinsocket/detail/loop_work_guard.hpp"
#include "twinsocket/detail/notifier.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {

template <class R>
struct remote_call_state {
  std::shared_ptr<notifier> caller;
  std::optional<R> value;           // Written there, and read here once the caller was notified.
  std::coroutine_handle<> running;  // Used by the other loop only.
};

/// Notifies the caller when it is destroyed: at the end of the task, or together with it.
template <class R>
class remote_completion {
 public:
  explicit remote_completion(std::shared_ptr<remote_call_state<R>> state) noexcept : state_(std::move(state)) {}
  remote_completion(remote_completion&&) noexcept = default;
  ~remote_completion() {
    if (!state_) return;
    state_->running = nullptr;
    state_->caller->notify();
  }
  [[nodiscard]] remote_call_state<R>& state() const noexcept { return *state_; }

 private:
  std::shared_ptr<remote_call_state<R>> state_;
};

template <class R>
detached_task run_remotely(remote_completion<R> completion, task<R> work) {
  completion.state().value.emplace(co_await std::move(work));
}

template <class R>
class remote_call : public notified_awaiter {
 public:
  /// Starts immediately. `work` must not throw.
  remote_call(std::shared_ptr<loop_handle> remote_loop, task<R> work)
      : remote_loop_(std::move(remote_loop)), state_(std::make_shared<remote_call_state<R>>()) {
    state_->caller = own_notifier();
    struct start {
      remote_completion<R> completion;
      task<R> work;
    };
    // If it is rejected or dropped, the call completes without a value.
    remote_loop_->post([begin = std::make_shared<start>(start{remote_completion<R>(state_), std::move(work)})] {
      remote_call_state<R>& state = begin->completion.state();
      const detached_task running = run_remotely<R>(std::move(begin->completion), std::move(begin->work));
      state.running = running.coroutine;
      trampoline::run(running.coroutine);
    });
  }
  remote_call(remote_call&&) noexcept = default;
  ~remote_call() {
    if (!state_ || completed_) return;
    remote_loop_->post([state = state_] {
      if (const auto running = std::exchange(state->running, nullptr)) running.destroy();
    });
  }

  [[nodiscard]] bool await_ready() const noexcept { return completed_; }
  void await_suspend(std::coroutine_handle<> waiting) { set_waiting(waiting); }
  /// Returns nothing if the other loop ended first.
  [[nodiscard]] std::optional<R> await_resume() { return std::move(state_->value); }

 private:
  void notified() override {
    completed_ = true;
    notified_awaiter::notified();
  }

  std::shared_ptr<loop_handle> remote_loop_;
  std::shared_ptr<remote_call_state<R>> state_;
  loop_work_guard work_;
  bool completed_ = false;
};

}  // namespace twinsocket::detail
