#pragma once

// A list of coroutines of one event loop that wait for the same event.

#include <boost/intrusive/list.hpp>
#include <coroutine>

#include "loop.hpp"

namespace twinsocket::detail {

class waiter_list {
 public:
  /// `co_await list.wait()` resumes with the next wake(). Destroying the awaiter removes it from the list.
  class awaiter : public resumable {
   public:
    explicit awaiter(waiter_list& list) noexcept : list_(list) {}

    [[nodiscard]] bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiting) {
      set_waiting(waiting);
      list_.waiting_.push_back(*this);
    }
    void await_resume() const noexcept {}

   private:
    friend class waiter_list;
    waiter_list& list_;
  };

  [[nodiscard]] awaiter wait() noexcept { return awaiter(*this); }

  /// Resumes all waiting coroutines. Must be called inside a turn of the loop.
  void wake() {
    while (!waiting_.empty()) loop::current()->resume(waiting_.front());
  }

 private:
  boost::intrusive::list<awaiter, boost::intrusive::constant_time_size<false>> waiting_;
};

}  // namespace twinsocket::detail
