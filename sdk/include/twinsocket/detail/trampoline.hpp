#pragma once

// How coroutines are resumed. Nothing is ever resumed from inside another coroutine: who wants to hand over control names
// the next coroutine here, suspends, and the loop below resumes it. So the native stack stays flat however long a chain of
// awaits is, without tail calls, which WebAssembly and unoptimised builds do not have.

#include "twinsocket/detail/cxx20.hpp"

#include <coroutine>
#include <utility>

namespace twinsocket::detail {

class trampoline {
 public:
  /// Names the coroutine to resume once the running one has suspended. Only from await_suspend.
  static void hand_over(std::coroutine_handle<> next) noexcept { next_ = next; }

  /// Resumes a coroutine, and whatever control is handed to, until somebody suspends without naming a next one.
  static void run(std::coroutine_handle<> coroutine) {
    const std::coroutine_handle<> outer = std::exchange(next_, nullptr);
    while (coroutine) {
      coroutine.resume();
      coroutine = std::exchange(next_, nullptr);
    }
    next_ = outer;
  }

 private:
  static inline constinit thread_local std::coroutine_handle<> next_{};
};

}  // namespace twinsocket::detail
