#include "twinsocket/cancel.hpp"

#include <algorithm>

namespace twinsocket::detail {

void cancellation_state::cancel() {
  std::vector<std::weak_ptr<notifier>> waits;
  {
    const std::scoped_lock lock(mutex_);
    cancelled_.store(true, std::memory_order_release);
    waits.swap(waits_);
  }
  for (const auto& wait : waits)
    if (const auto there = wait.lock()) there->notify();
}

void cancellation_state::add(cancellable& wait) {
  {
    const std::scoped_lock lock(mutex_);
    if (!cancelled_.load(std::memory_order_relaxed)) {
      // Expired waits are pruned from time to time, so that a long-lived source with many short waits does not grow.
      if (waits_.size() >= prune_at_) {
        std::erase_if(waits_, [](const auto& one) { return one.expired(); });
        prune_at_ = std::max<std::size_t>(16, 2 * waits_.size());
      }
      waits_.push_back(wait.own_notifier());
      return;
    }
  }
  wait.on_cancel();
}

}  // namespace twinsocket::detail
