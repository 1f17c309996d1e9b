#include "twinsocket/task.hpp"

#include "loop.hpp"

namespace twinsocket {

void sleep_for::await_suspend(std::coroutine_handle<> waiting) {
  detail::loop& loop = detail::loop::require_current();
  set_waiting(waiting);
  alarm_.owner = this;
  loop.arm(alarm_, detail::later(loop.now(), time_));
}

void detail::spawned::adopt(std::coroutine_handle<> self) noexcept {
  self_ = self;
  if (loop* const home = loop::current()) home->adopt(*this);
}

void sleep_for::alarm::on_time(detail::time_point) { detail::loop::current()->resume_now(*owner); }

}  // namespace twinsocket
