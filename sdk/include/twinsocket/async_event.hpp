#pragma once

// An event that tasks wait for. It stays set until it is reset.
//
// set(), reset() and wait() may be called from any thread. Each waiter resumes on its own thread. Destroying the event
// resumes all waiters.

#include "twinsocket/detail/cxx20.hpp"

#include <coroutine>
#include <memory>
#include <mutex>
#include <utility>

#include "twinsocket/detail/wait_list.hpp"

namespace twinsocket {

namespace detail {

struct event_state {
  std::mutex mutex;
  bool is_set = false;
  wait_list waiting;
};

class event_awaiter : public notified_awaiter {
 public:
  explicit event_awaiter(std::shared_ptr<event_state> state) noexcept : state_(std::move(state)) {}
  event_awaiter(event_awaiter&&) noexcept = default;
  ~event_awaiter() {
    if (!suspended_) return;
    const std::scoped_lock lock(state_->mutex);
    state_->waiting.remove(own_notifier());
  }

  [[nodiscard]] bool await_ready() const {
    const std::scoped_lock lock(state_->mutex);
    return state_->is_set;
  }
  void await_suspend(std::coroutine_handle<> coroutine) {
    set_waiting(coroutine);
    suspended_ = true;
    const auto& self = own_notifier();
    const std::scoped_lock lock(state_->mutex);
    state_->waiting.add(self);
    if (state_->is_set) state_->waiting.notify_all();
  }
  void await_resume() const noexcept {}

 private:
  std::shared_ptr<event_state> state_;
  bool suspended_ = false;
};

}  // namespace detail

/// An event that tasks wait for. It is not set at first. All functions may be called from any thread; each waiter
/// resumes on its own. Destroying the event resumes all waiters.
class async_event {
 public:
  async_event() : state_(std::make_shared<detail::event_state>()) {}
  async_event(const async_event&) = delete;
  async_event& operator=(const async_event&) = delete;
  ~async_event() { set(); }

  /// Resumes all waiters. Later waits complete immediately, until reset().
  void set() {
    const std::scoped_lock lock(state_->mutex);
    state_->is_set = true;
    state_->waiting.notify_all();
  }
  /// Later waits suspend until the next set().
  void reset() {
    const std::scoped_lock lock(state_->mutex);
    state_->is_set = false;
  }
  /// True from set() until reset(). Another thread may change it at any time.
  [[nodiscard]] bool is_set() const {
    const std::scoped_lock lock(state_->mutex);
    return state_->is_set;
  }

  /// `co_await wait()` suspends until the event is set.
  [[nodiscard]] detail::event_awaiter wait() const { return detail::event_awaiter(state_); }

 private:
  std::shared_ptr<detail::event_state> state_;
};

}  // namespace twinsocket
