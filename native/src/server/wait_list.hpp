#pragma once

// Coroutines of one loop that wait for the same thing.

#include <boost/intrusive/list.hpp>
#include <coroutine>

#include "loop.hpp"

namespace twinsocket::detail {

class wait_list {
 public:
  /// `co_await list.wait()` goes on with the next wake(). Destroying it takes it off the list.
  class awaiter : public boost::intrusive::list_base_hook<auto_unlink> {
   public:
    explicit awaiter(wait_list& list) noexcept : list_(list) {}

    [[nodiscard]] bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiting) {
      waiting_ = waiting;
      list_.waiting_.push_back(*this);
    }
    void await_resume() const noexcept {}

   private:
    friend class wait_list;
    wait_list& list_;
    std::coroutine_handle<> waiting_;
  };

  [[nodiscard]] awaiter wait() noexcept { return awaiter(*this); }

  /// Inside a turn of the loop.
  void wake() {
    while (!waiting_.empty()) {
      awaiter& one = waiting_.front();
      waiting_.pop_front();
      loop::current()->resume(one.waiting_);
    }
  }

 private:
  boost::intrusive::list<awaiter, boost::intrusive::constant_time_size<false>> waiting_;
};

}  // namespace twinsocket::detail
