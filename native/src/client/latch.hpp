#pragma once

#include <chrono>
#include <coroutine>

#include "loop.hpp"

namespace twinsocket::detail {

/// An event that is set once and awaited by one coroutine, on the same thread.
class latch : private resumable {
 public:
  latch() = default;
  latch(const latch&) = delete;
  latch& operator=(const latch&) = delete;

  void open() {
    if (open_) return;
    open_ = true;
    if (!waiting()) return;
    const loop::turn turn(*loop_, std::chrono::steady_clock::now());
    loop_->resume(*this);
  }

  [[nodiscard]] bool await_ready() const noexcept { return open_; }
  void await_suspend(std::coroutine_handle<> waiting) noexcept {
    set_waiting(waiting);
    loop_ = loop::current();
  }
  void await_resume() const noexcept {}

 private:
  bool open_ = false;
  loop* loop_ = nullptr;
};

}  // namespace twinsocket::detail
