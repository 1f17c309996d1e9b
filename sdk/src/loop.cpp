#include "loop.hpp"

#include <utility>

#include "twinsocket/detail/trampoline.hpp"

namespace twinsocket::detail {

loop::turn::turn(loop& self, time_point now) : self_(self), outer_(std::exchange(current_, &self)) {
  if (outer_ != &self_) self_.now_ = now;
}

loop::turn::~turn() {
  if (outer_ != &self_) self_.end_turn();
  current_ = outer_;
}

void loop::post(std::function<void()> work) {
  bool first = false;
  {
    const std::scoped_lock lock(posted_mutex_);
    first = posted_.empty();
    posted_.push_back(std::move(work));
  }
  if (first) wake();
}

void loop::resume(std::coroutine_handle<> ready) { ready_.push_back(ready); }

void loop::flush_later(flushable& connection) {
  if (!connection.is_linked()) dirty_.push_back(connection);
}

void loop::flush_first(flushable& source) {
  if (!source.is_linked()) dirty_.push_front(source);
}

void loop::arm(timer& alarm, time_point when) {
  if (alarm.is_linked()) alarm.unlink();
  alarm.when_ = when;
  timers_.insert(alarm);
}

void loop::destroy_spawned() {
  while (!spawned_.empty()) spawned_.front().destroy();
  // What was about to go on, because something that it waited for was destroyed, is gone itself by now.
  ready_.clear();
}

surroundings loop::listen(surroundings_listener& listener) {
  listeners_.push_back(listener);
  return watch();
}

void loop::tell(surroundings now) {
  for (auto at = listeners_.begin(); at != listeners_.end();) {
    surroundings_listener& listener = *at++;
    listener.changed(now);
  }
}

void loop::run_due(time_point now) {
  const turn this_turn(*this, now);
  std::vector<std::function<void()>> posted;
  {
    const std::scoped_lock lock(posted_mutex_);
    posted.swap(posted_);
  }
  for (const auto& work : posted) work();
  while (!timers_.empty() && timers_.begin()->when_ <= now) {
    timer& due = *timers_.begin();
    due.unlink();
    due.on_time(now);
  }
  if (asked_for_ && *asked_for_ <= now) asked_for_.reset();
}

// A coroutine may make others ready and connections dirty, and a flush that fails may make coroutines ready.
void loop::end_turn() {
  while (!ready_.empty() || !dirty_.empty()) {
    for (std::size_t i = 0; i < ready_.size(); ++i) trampoline::run(std::exchange(ready_[i], nullptr));
    ready_.clear();
    while (!dirty_.empty()) {
      flushable& connection = dirty_.front();
      dirty_.pop_front();
      connection.flush();
    }
  }
  if (timers_.empty()) {
    if (asked_for_) wake_at(time_point::max());
    asked_for_.reset();
    return;
  }
  const time_point next = timers_.begin()->when_;
  if (!asked_for_ || next < *asked_for_) {
    asked_for_ = next;
    wake_at(next);
  }
}

}  // namespace twinsocket::detail
