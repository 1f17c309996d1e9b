#pragma once

#include <chrono>
#include <coroutine>

#include "loop.hpp"

namespace twinsocket::detail {

/// An event that is set once and awaited by one coroutine, on the same thread.
class one_shot_event : private resumable {
 public:
  one_shot_event() = default;
  one_shot_event(const one_shot_event&) = delete;
  one_shot_event& operator=(const one_shot_event&) = delete;

  void set() {
    if (set_) return;
    set_ = true;
    if (!waiting()) return;
    const loop::turn turn(*loop_, std::chrono::steady_clock::now());
    loop_->resume(*this);
  }

  [[nodiscard]] bool await_ready() const noexcept { return set_; }
  void await_suspend(std::coroutine_handle<> waiting) noexcept {
    set_waiting(waiting);
    loop_ = loop::current();
  }
  void await_resume() const noexcept {}

 private:
  bool set_ = false;
  loop* loop_ = nullptr;
};

}  // namespace twinsocket::detail
