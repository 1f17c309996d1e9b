#pragma once

// A bounded queue between tasks, and from other threads to tasks.
//
//   async_queue<std::string> queue(100);
//   co_await queue.push("one");                             // suspends while the queue is full
//   while (auto item = co_await queue.pop()) use(*item);    // until the queue is closed and empty
//
// All functions may be called from any thread. Each waiter resumes on its own thread. The order is first in, first out;
// each item is popped once. Destroying a pending pop() removes no item. Destroying a pending push() adds none.
// Destroying the queue closes it.

#include "twinsocket/detail/cxx20.hpp"

#include <coroutine>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "twinsocket/detail/wait_list.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket {

/// The result of push(): errc::closed if the queue was closed. May be discarded.
class push_result : public result<void> {
 public:
  using result<void>::result;
};

namespace detail {

template <class T>
struct queue_state {
  explicit queue_state(std::size_t most) noexcept : capacity(most) {}

  // Called with the mutex locked. An operation that adds an item or makes room notifies the first waiter for it.
  [[nodiscard]] bool take(std::optional<T>& out) {
    if (items.empty()) return false;
    out.emplace(std::move(items.front()));
    items.pop_front();
    not_full.notify_one();
    if (!items.empty()) not_empty.notify_one();
    return true;
  }
  [[nodiscard]] bool put(T& item) {
    if (closed || items.size() >= capacity) return false;
    items.push_back(std::move(item));
    not_empty.notify_one();
    if (items.size() < capacity) not_full.notify_one();
    return true;
  }
  void close() {
    closed = true;
    not_empty.notify_all();
    not_full.notify_all();
  }

  const std::size_t capacity;
  std::mutex mutex;
  std::deque<T> items;
  wait_list not_empty;
  wait_list not_full;
  bool closed = false;
};

/// Tries the operation, suspends if it cannot complete, and tries again right before its coroutine is resumed.
template <class T>
class queue_awaiter : public notified_awaiter {
 public:
  queue_awaiter(queue_awaiter&&) noexcept = default;

  [[nodiscard]] bool await_ready() {
    const std::scoped_lock lock(state_->mutex);
    return done_ = try_complete();
  }
  void await_suspend(std::coroutine_handle<> coroutine) {
    set_waiting(coroutine);
    suspended_ = true;
    const auto& self = own_notifier();
    const std::scoped_lock lock(state_->mutex);
    // Another thread may have changed the queue since await_ready().
    if (can_complete()) {
      self->notify();
    } else {
      list().add(self);
    }
  }

 protected:
  queue_awaiter(std::shared_ptr<queue_state<T>> state, wait_list queue_state<T>::*list) noexcept
      : state_(std::move(state)), list_(list) {}
  ~queue_awaiter() {
    if (!suspended_ || done_) return;
    const std::scoped_lock lock(state_->mutex);
    // This waiter was notified and has not completed: pass the notification on.
    if (!list().remove(own_notifier())) list().notify_one();
  }

  [[nodiscard]] queue_state<T>& state() const noexcept { return *state_; }

 private:
  /// Called with the mutex locked. Returns true when the wait is over.
  [[nodiscard]] virtual bool try_complete() = 0;
  [[nodiscard]] virtual bool can_complete() const noexcept = 0;
  [[nodiscard]] bool should_resume() override {
    const auto& self = own_notifier();
    const std::scoped_lock lock(state_->mutex);
    done_ = try_complete();
    if (!done_) list().requeue(self);
    return done_;
  }
  [[nodiscard]] wait_list& list() const noexcept { return (*state_).*list_; }

  std::shared_ptr<queue_state<T>> state_;
  wait_list queue_state<T>::*list_;
  bool suspended_ = false;
  bool done_ = false;
};

template <class T>
class pop_awaiter final : public queue_awaiter<T> {
 public:
  explicit pop_awaiter(std::shared_ptr<queue_state<T>> state) noexcept
      : queue_awaiter<T>(std::move(state), &queue_state<T>::not_empty) {}

  [[nodiscard]] result<T> await_resume() {
    if (item_) return std::move(*item_);
    return error(errc::closed, "the queue is closed");
  }

 private:
  bool try_complete() override { return this->state().take(item_) || this->state().closed; }
  bool can_complete() const noexcept override { return !this->state().items.empty() || this->state().closed; }

  std::optional<T> item_;
};

template <class T>
class push_awaiter final : public queue_awaiter<T> {
 public:
  push_awaiter(std::shared_ptr<queue_state<T>> state, T item)
      : queue_awaiter<T>(std::move(state), &queue_state<T>::not_full), item_(std::move(item)) {}

  push_result await_resume() {
    if (put_) return {};
    return push_result(error(errc::closed, "the queue is closed"));
  }

 private:
  bool try_complete() override {
    put_ = this->state().put(item_);
    return put_ || this->state().closed;
  }
  bool can_complete() const noexcept override {
    return this->state().items.size() < this->state().capacity || this->state().closed;
  }

  T item_;
  bool put_ = false;
};

}  // namespace detail

/// A bounded queue, first in, first out. All functions may be called from any thread; each waiter resumes on its own.
/// Destroying the queue closes it.
template <class T>
class async_queue {
 public:
  /// Holds at most `capacity` items; 0 counts as 1.
  explicit async_queue(std::size_t capacity)
      : state_(std::make_shared<detail::queue_state<T>>(capacity == 0 ? 1 : capacity)) {}
  async_queue(const async_queue&) = delete;
  async_queue& operator=(const async_queue&) = delete;
  ~async_queue() { close(); }

  /// `co_await push(item)` suspends while the queue is full. Fails with errc::closed if the queue is closed.
  [[nodiscard]] detail::push_awaiter<T> push(T item) { return detail::push_awaiter<T>(state_, std::move(item)); }
  /// Returns false and discards the item if the queue is full or closed.
  bool try_push(T item) {
    const std::scoped_lock lock(state_->mutex);
    return state_->put(item);
  }

  /// `co_await pop()` returns the next item. Fails with errc::closed once the queue is closed and empty.
  [[nodiscard]] detail::pop_awaiter<T> pop() { return detail::pop_awaiter<T>(state_); }
  /// The next item, or nothing if the queue is empty. Items that are left after close() are returned too.
  [[nodiscard]] std::optional<T> try_pop() {
    std::optional<T> item;
    const std::scoped_lock lock(state_->mutex);
    static_cast<void>(state_->take(item));
    return item;
  }

  /// Rejects further items. Items in the queue can still be popped.
  void close() {
    const std::scoped_lock lock(state_->mutex);
    state_->close();
  }

  /// Current number of items. Another thread may change it at any time.
  [[nodiscard]] std::size_t size() const {
    const std::scoped_lock lock(state_->mutex);
    return state_->items.size();
  }

 private:
  std::shared_ptr<detail::queue_state<T>> state_;
};

}  // namespace twinsocket
