#include "twinsocket/task.hpp"

#include <algorithm>

#include "loop.hpp"

namespace twinsocket {

void sleep_for::await_suspend(std::coroutine_handle<> waiting) {
  detail::loop& loop = detail::loop::require_current();
  set_waiting(waiting);
  alarm_.owner = this;
  // time_point::max() means never, so the longest sleep ends just before it.
  loop.arm(alarm_, std::min(detail::later(loop.now(), time_), detail::time_point::max() - std::chrono::milliseconds(1)));
}

void detail::spawned::adopt(std::coroutine_handle<> self) noexcept {
  self_ = self;
  if (loop* const home = loop::current()) home->adopt(*this);
}

void sleep_for::alarm::on_time(detail::time_point) { detail::loop::current()->resume_now(*owner); }

}  // namespace twinsocket
