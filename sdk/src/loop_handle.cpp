#include "twinsocket/detail/loop_handle.hpp"

#include <utility>

#include "loop.hpp"
#include "twinsocket/detail/loop_work_guard.hpp"

namespace twinsocket::detail {

bool loop_handle::post(std::function<void()> work) {
  // end() takes the same lock, so the loop cannot be destroyed during wake().
  const std::scoped_lock lock(mutex_);
  if (ended_.load(std::memory_order_relaxed)) return false;
  posted_.push_back(std::move(work));
  if (posted_.size() == 1) loop_->wake();
  return true;
}

std::vector<std::function<void()>> loop_handle::take_posted() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(posted_, {});
}

std::vector<std::function<void()>> loop_handle::end() {
  const std::scoped_lock lock(mutex_);
  ended_.store(true, std::memory_order_release);
  return std::exchange(posted_, {});
}

loop_work_guard::loop_work_guard() : loop_(loop::require_current().handle()) { loop_->target().work_started(); }

loop_work_guard::~loop_work_guard() {
  if (loop_ && !loop_->ended()) loop_->target().work_finished();
}

}  // namespace twinsocket::detail
