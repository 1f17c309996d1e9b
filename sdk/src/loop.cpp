#include "loop.hpp"

#include <utility>

#include "twinsocket/detail/fatal.hpp"
#include "twinsocket/detail/trampoline.hpp"

namespace twinsocket::detail {

namespace {

template <class F>
void run_and_note(const F& work, [[maybe_unused]] std::exception_ptr& failure) {
#if defined(__cpp_exceptions)
  try {
    work();
  } catch (...) {
    failure = std::current_exception();
  }
#else
  work();
#endif
}

}  // namespace

loop::turn::turn(loop& self, time_point now) : self_(self), outer_(std::exchange(current_, &self)) {
  if (outer_ == &self_) return;
  self_.now_ = now;
  self_.handle_->thread_.store(std::this_thread::get_id(), std::memory_order_relaxed);
}

loop::turn::~turn() {
  if (outer_ != &self_) self_.end_turn();
  current_ = outer_;
}

loop& loop::require_current() noexcept {
  if (!current_)
    fatal(
        "this can be awaited only in a task on an event loop of twinsocket: a server's handler, native::run(), "
        "native::spawn(), or a page");
  return *current_;
}

void loop::resume(resumable& ready) {
  if (ready.is_linked()) ready.unlink();
  if (!ended()) ready_.push_back(ready);
}

void loop::resume_now(resumable& ready) {
  if (ready.is_linked()) ready.unlink();
  if (!ended()) trampoline::run(ready.waiting_);
}

void loop::flush_later(flushable& connection) {
  if (!connection.is_linked() && !ended()) dirty_.push_back(connection);
}

void loop::flush_first(flushable& source) {
  if (!source.is_linked() && !ended()) dirty_.push_front(source);
}

void loop::arm(timer& alarm, time_point when) {
  if (alarm.is_linked()) alarm.unlink();
  if (ended()) return;
  alarm.when_ = when;
  timers_.insert(alarm);
}

void loop::destroy_spawned() {
  while (!spawned_.empty()) spawned_.front().destroy();
  // Destroying a task may have made others ready; those are destroyed too by now.
  ready_.clear();
}

void loop::close() {
  closing_ = true;
  // A notified service may remove itself and others from the list, so each one is moved to the list of notified services
  // first.
  decltype(services_) unaware;
  unaware.swap(services_);
  while (!unaware.empty()) {
    loop_service& one = unaware.front();
    unaware.pop_front();
    services_.push_back(one);
    one.loop_closes();
  }
}

void loop::end(time_point now) {
  const turn last(*this, now);
  std::vector<std::function<void()>> left = handle_->end();
  while (!services_.empty()) {
    loop_service& one = services_.front();
    services_.pop_front();
    one.loop_ends();
  }
  destroy_spawned();
  // Destroying this work tells waiters on other loops that it will not run.
  left.clear();
  dirty_.clear();
  timers_.clear();
  listeners_.clear();
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
  // An exception does not keep the rest from running.
  std::exception_ptr failure;
  for (const auto& work : handle_->take_posted()) run_and_note(work, failure);
  while (!timers_.empty() && timers_.begin()->when_ <= now) {
    timer& due = *timers_.begin();
    due.unlink();
    run_and_note([&] { due.on_time(now); }, failure);
  }
  if (asked_for_ && *asked_for_ <= now) asked_for_.reset();
  rethrow(failure);
}

// A coroutine may make others ready and mark connections for flushing. A flush that fails may make coroutines ready.
void loop::end_turn() {
  if (ended()) return;
  while (!ready_.empty() || !dirty_.empty()) {
    while (!ready_.empty()) {
      resumable& next = ready_.front();
      ready_.pop_front();
      if (next.resumes()) trampoline::run(next.waiting_);
    }
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
