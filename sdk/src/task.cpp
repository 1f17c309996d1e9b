#include "twinsocket/task.hpp"

#include "loop.hpp"

namespace twinsocket {

void sleep_for::await_suspend(std::coroutine_handle<> waiting) {
  detail::loop* const loop = detail::loop::current();
  assert(loop && "sleep_for waits only on an event loop of ours");
  alarm_.waiting = waiting;
  loop->arm(alarm_, detail::later(loop->now(), time_));
}

void detail::spawned::adopt(std::coroutine_handle<> self) noexcept {
  self_ = self;
  if (loop* const home = loop::current()) home->adopt(*this);
}

void sleep_for::alarm::on_time(detail::time_point) { detail::trampoline::run(waiting); }

}  // namespace twinsocket
