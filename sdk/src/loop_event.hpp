#pragma once

// An event that coroutines of one event loop wait for. All functions are called on the loop's thread. async_event is the
// event for several threads.

#include <boost/intrusive/list.hpp>
#include <coroutine>
#include <utility>

#include "loop.hpp"
#include "twinsocket/cancel.hpp"
#include "twinsocket/detail/timeout_or_cancel.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

class loop_event {
 public:
  class awaiter : public resumable {
   public:
    explicit awaiter(loop_event& event) noexcept : event_(event) {}

    [[nodiscard]] bool await_ready() const noexcept { return event_.set_; }
    void await_suspend(std::coroutine_handle<> waiting) noexcept {
      set_waiting(waiting);
      loop_ = loop::current();
      event_.waiting_.push_back(*this);
    }
    void await_resume() const noexcept {}

   protected:
    void resume() { loop_->resume(*this); }

   private:
    friend class loop_event;

    loop_event& event_;
    loop* loop_ = nullptr;
  };

  class timed_awaiter final : public awaiter, private timeout_or_cancel {
   public:
    timed_awaiter(loop_event& event, time_point until, cancellation_token stop) noexcept
        : awaiter(event), until_(until), stop_(std::move(stop)) {}

    void await_suspend(std::coroutine_handle<> waiting) {
      awaiter::await_suspend(waiting);
      start(until_, stop_);
    }
    errc await_resume() const noexcept { return reason(); }

   private:
    void on_timeout_or_cancel() override {
      if (awaiter::is_linked()) resume();
    }

    const time_point until_;
    const cancellation_token stop_;
  };

  loop_event() = default;
  loop_event(const loop_event&) = delete;
  loop_event& operator=(const loop_event&) = delete;

  /// `co_await wait()` suspends until set() or notify(). Allocates nothing. Destroying the coroutine ends the wait.
  [[nodiscard]] awaiter wait() noexcept { return awaiter(*this); }
  /// The same with a timeout and cancellation. Returns errc::ok, errc::timed_out or errc::cancelled. time_point::max() is
  /// no timeout.
  [[nodiscard]] timed_awaiter wait_until(time_point until, cancellation_token stop = {}) noexcept {
    return {*this, until, std::move(stop)};
  }

  /// Resumes the waiting coroutines at the end of the turn. Later waits suspend.
  void notify() {
    while (!waiting_.empty()) waiting_.front().resume();
  }
  /// Resumes the waiting coroutines at the end of the turn. Later waits complete immediately.
  void set() {
    set_ = true;
    notify();
  }
  [[nodiscard]] bool is_set() const noexcept { return set_; }

 private:
  boost::intrusive::list<awaiter, boost::intrusive::constant_time_size<false>> waiting_;
  bool set_ = false;
};

}  // namespace twinsocket::detail
