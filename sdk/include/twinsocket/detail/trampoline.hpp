#pragma once

// Resumes coroutines. No coroutine is ever resumed inside another one: a coroutine that hands over control names the
// next one here and suspends, and the loop in run() resumes that one. So the native stack stays flat for any chain of
// awaits, without tail calls, which WebAssembly and unoptimised builds do not have.

#include "twinsocket/detail/cxx20.hpp"

#include <coroutine>
#include <utility>

namespace twinsocket::detail {

class trampoline {
 public:
  /// Sets the coroutine to resume once the running one has suspended. Only from await_suspend.
  static void transfer_to(std::coroutine_handle<> next) noexcept { next_ = next; }

  /// Resumes a coroutine and those to which control is handed over, until one suspends without naming the next.
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
