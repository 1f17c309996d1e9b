#pragma once

// Those who wait for something that several threads share, in the order in which they came. Guarded by the mutex of what
// they wait for.

#include "twinsocket/detail/cxx20.hpp"

#include <algorithm>
#include <deque>
#include <memory>

#include "twinsocket/detail/notifier.hpp"

namespace twinsocket::detail {

class wait_list {
 public:
  void add(const std::shared_ptr<notifier>& one) { waiting_.push_back(one); }
  /// For one that was notified and found nothing: it keeps its place.
  void add_again(const std::shared_ptr<notifier>& one) { waiting_.push_front(one); }
  /// False where it is not there: it has been notified.
  bool remove(const std::shared_ptr<notifier>& one) noexcept {
    const auto found = std::find(waiting_.begin(), waiting_.end(), one);
    if (found == waiting_.end()) return false;
    waiting_.erase(found);
    return true;
  }
  [[nodiscard]] bool empty() const noexcept { return waiting_.empty(); }

  void notify_one() {
    if (waiting_.empty()) return;
    const std::shared_ptr<notifier> first = std::move(waiting_.front());
    waiting_.pop_front();
    first->notify();
  }
  void notify_all() {
    while (!waiting_.empty()) notify_one();
  }

 private:
  std::deque<std::shared_ptr<notifier>> waiting_;
};

}  // namespace twinsocket::detail
