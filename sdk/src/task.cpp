#include "twinsocket/task.hpp"

#include <algorithm>

#include "loop.hpp"

namespace twinsocket {

void sleep_for::await_suspend(std::coroutine_handle<> waiting) {
  detail::loop& loop = detail::loop::require_current();
  set_waiting(waiting);
  // time_point::max() means never, so the longest sleep ends just before it.
  loop.arm(*this, std::min(detail::add_saturating(loop.now(), time_),
                           detail::time_point::max() - std::chrono::milliseconds(1)));
}

void detail::spawned_frame::adopt(std::coroutine_handle<> self) noexcept {
  self_ = self;
  if (loop* const own_loop = loop::current()) own_loop->adopt(*this);
}

void sleep_for::on_timer(detail::time_point) { detail::loop::current()->resume_now(*this); }

}  // namespace twinsocket
