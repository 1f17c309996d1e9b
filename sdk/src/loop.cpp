#include "loop.hpp"

#include <utility>

#include "twinsocket/detail/fatal.hpp"
#include "twinsocket/detail/trampoline.hpp"

namespace twinsocket::detail {

namespace {

template <class F>
void run_and_capture(const F& work, [[maybe_unused]] std::exception_ptr& failure) {
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

void loop::schedule_flush(flushable& connection) {
  if (!connection.is_linked() && !ended()) flush_queue_.push_back(connection);
}

void loop::schedule_flush_first(flushable& source) {
  if (!source.is_linked() && !ended()) flush_queue_.push_front(source);
}

void loop::arm(timer& t, time_point when) {
  if (t.is_linked()) t.unlink();
  if (ended()) return;
  t.expiry_ = when;
  timers_.insert(t);
}

void loop::destroy_spawned() {
  while (!spawned_.empty()) spawned_.front().destroy();
  // Destroying a task may have made others ready; those are destroyed too by now.
  ready_.clear();
}

void loop::close() {
  closing_ = true;
  draining_ = true;
  notify_services(&loop_service::on_loop_close);
}

void loop::drain() {
  draining_ = true;
  notify_services(&loop_service::on_loop_drain);
}

void loop::notify_services(void (loop_service::*event)()) {
  // A notified service may remove itself and others from the list, so each one is moved to the list of notified services
  // first.
  decltype(services_) not_notified;
  not_notified.swap(services_);
  while (!not_notified.empty()) {
    loop_service& one = not_notified.front();
    not_notified.pop_front();
    services_.push_back(one);
    (one.*event)();
  }
}

void loop::end(time_point now) {
  const turn last(*this, now);
  std::vector<std::function<void()>> left = handle_->end();
  while (!services_.empty()) {
    loop_service& one = services_.front();
    services_.pop_front();
    one.on_loop_end();
  }
  destroy_spawned();
  // Destroying this work tells waiters on other loops that it will not run.
  left.clear();
  flush_queue_.clear();
  timers_.clear();
  listeners_.clear();
}

environment loop::listen(environment_listener& listener) {
  listeners_.push_back(listener);
  return watch();
}

void loop::environment_changed(environment now) {
  for (auto at = listeners_.begin(); at != listeners_.end();) {
    environment_listener& listener = *at++;
    listener.on_environment_change(now);
  }
}

void loop::run_due(time_point now) {
  const turn this_turn(*this, now);
  // An exception does not keep the rest from running.
  std::exception_ptr failure;
  for (const auto& work : handle_->take_posted()) run_and_capture(work, failure);
  while (!timers_.empty() && timers_.begin()->expiry_ <= now) {
    timer& due = *timers_.begin();
    due.unlink();
    run_and_capture([&] { due.on_timer(now); }, failure);
  }
  if (next_wakeup_ && *next_wakeup_ <= now) next_wakeup_.reset();
  rethrow(failure);
}

// A coroutine may make others ready and mark connections for flushing. A flush that fails may make coroutines ready.
void loop::end_turn() {
  if (ended()) return;
  while (!ready_.empty() || !flush_queue_.empty()) {
    while (!ready_.empty()) {
      resumable& next = ready_.front();
      ready_.pop_front();
      if (next.should_resume()) trampoline::run(next.waiting_);
    }
    while (!flush_queue_.empty()) {
      flushable& connection = flush_queue_.front();
      flush_queue_.pop_front();
      connection.flush();
    }
  }
  if (timers_.empty()) {
    if (next_wakeup_) wake_at(time_point::max());
    next_wakeup_.reset();
    return;
  }
  const time_point next = timers_.begin()->expiry_;
  if (!next_wakeup_ || next < *next_wakeup_) {
    next_wakeup_ = next;
    wake_at(next);
  }
}

}  // namespace twinsocket::detail
