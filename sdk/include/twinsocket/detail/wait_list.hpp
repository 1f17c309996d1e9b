#pragma once

// The waiters for something that several threads share, in the order in which they began to wait. Guarded by the mutex
// of what they wait for.

#include "twinsocket/detail/cxx20.hpp"

#include <algorithm>
#include <deque>
#include <memory>

#include "twinsocket/detail/notifier.hpp"

namespace twinsocket::detail {

class wait_list {
 public:
  void add(const std::shared_ptr<notifier>& one) { waiting_.push_back(one); }
  /// For a waiter that was notified and still has to wait. It stays first.
  void requeue(const std::shared_ptr<notifier>& one) { waiting_.push_front(one); }
  /// Returns false if it is not in the list because it was notified.
  bool remove(const std::shared_ptr<notifier>& one) noexcept {
    const auto found = std::find(waiting_.begin(), waiting_.end(), one);
    if (found == waiting_.end()) return false;
    waiting_.erase(found);
    return true;
  }
  [[nodiscard]] bool empty() const noexcept { return waiting_.empty(); }

  void notify_one() {
    if (waiting_.empty()) return;
    // Still in the list if notify() throws.
    waiting_.front()->notify();
    waiting_.pop_front();
  }
  void notify_all() {
    while (!waiting_.empty()) notify_one();
  }

 private:
  std::deque<std::shared_ptr<notifier>> waiting_;
};

}  // namespace twinsocket::detail
