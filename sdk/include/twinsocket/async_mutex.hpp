#pragma once

// A mutex for tasks. Waiting for it suspends the coroutine and does not block the thread.
//
//   const async_lock lock = co_await mutex.lock();
//
// All functions may be called from any thread. Waiters lock the mutex in the order in which they called lock(), each on
// its own thread. The mutex may be destroyed before its locks and waiters.

#include "twinsocket/detail/cxx20.hpp"

#include <coroutine>
#include <memory>
#include <mutex>
#include <utility>

#include "twinsocket/detail/wait_list.hpp"

namespace twinsocket {

namespace detail {

struct mutex_state {
  std::mutex mutex;
  bool locked = false;
  wait_list waiting;
};

class lock_awaiter;

}  // namespace detail

/// A lock on an async_mutex, held until it is destroyed or unlocked. Move-only.
class [[nodiscard]] async_lock {
 public:
  async_lock(async_lock&&) noexcept = default;
  async_lock& operator=(async_lock&& other) noexcept {
    unlock();
    state_ = std::move(other.state_);
    return *this;
  }
  ~async_lock() { unlock(); }

  /// Unlocks the mutex before the end of the scope. The task that waits the longest gets it. No effect if it was
  /// unlocked or moved from.
  void unlock() {
    if (const auto held = std::exchange(state_, nullptr)) {
      const std::scoped_lock lock(held->mutex);
      held->locked = false;
      held->waiting.notify_one();
    }
  }

 private:
  friend class detail::lock_awaiter;
  explicit async_lock(std::shared_ptr<detail::mutex_state> state) noexcept : state_(std::move(state)) {}

  std::shared_ptr<detail::mutex_state> state_;
};

namespace detail {

class lock_awaiter final : public notified_awaiter {
 public:
  explicit lock_awaiter(std::shared_ptr<mutex_state> state) noexcept : state_(std::move(state)) {}
  lock_awaiter(lock_awaiter&&) noexcept = default;
  ~lock_awaiter() {
    if (!suspended_ || locked_) return;
    const std::scoped_lock lock(state_->mutex);
    // This waiter was notified and has not locked: pass the notification on.
    if (!state_->waiting.remove(own_notifier()) && !state_->locked) state_->waiting.notify_one();
  }

  [[nodiscard]] bool await_ready() {
    const std::scoped_lock lock(state_->mutex);
    return try_lock();
  }
  void await_suspend(std::coroutine_handle<> coroutine) {
    set_waiting(coroutine);
    suspended_ = true;
    const auto& self = own_notifier();
    const std::scoped_lock lock(state_->mutex);
    // Another thread may have unlocked the mutex since await_ready().
    if (!state_->locked) {
      self->notify();
    } else {
      state_->waiting.add(self);
    }
  }
  [[nodiscard]] async_lock await_resume() { return async_lock(std::move(state_)); }

 private:
  [[nodiscard]] bool try_lock() noexcept {
    if (!state_->locked) state_->locked = locked_ = true;
    return locked_;
  }
  [[nodiscard]] bool should_resume() override {
    const auto& self = own_notifier();
    const std::scoped_lock lock(state_->mutex);
    if (!try_lock()) state_->waiting.requeue(self);
    return locked_;
  }

  std::shared_ptr<mutex_state> state_;
  bool suspended_ = false;
  bool locked_ = false;
};

}  // namespace detail

/// A mutex for tasks, which are suspended while they wait. Waiters lock it in the order of their calls of lock(). Not
/// recursive. All functions may be called from any thread. It may be destroyed before its locks and waiters.
class async_mutex {
 public:
  async_mutex() : state_(std::make_shared<detail::mutex_state>()) {}
  async_mutex(const async_mutex&) = delete;
  async_mutex& operator=(const async_mutex&) = delete;

  /// `co_await lock()` returns an async_lock.
  [[nodiscard]] detail::lock_awaiter lock() { return detail::lock_awaiter(state_); }

 private:
  std::shared_ptr<detail::mutex_state> state_;
};

}  // namespace twinsocket
