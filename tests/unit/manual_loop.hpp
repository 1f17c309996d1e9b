#pragma once

// An event loop whose time the test advances. Nothing blocks, nothing sleeps.

#include <chrono>
#include <utility>

#include "loop.hpp"
#include "twinsocket/task.hpp"

class manual_loop final : public twinsocket::detail::loop {
 public:
  using time_point = twinsocket::detail::time_point;

  manual_loop() = default;
  /// Advances the time by an hour, so that timeouts end what is pending. The rest is reported as a leak.
  ~manual_loop() {
    if (ended()) return;
    advance(std::chrono::hours(1));
    end(time_);
  }

  /// Spawns a task and runs everything that can run without time passing.
  void run(twinsocket::task<void> work) {
    {
      const turn this_turn(*this, time_);
      twinsocket::spawn(std::move(work));
    }
    settle();
  }

  /// Runs posted functions until none is left.
  void settle() {
    while (std::exchange(woken_, false)) run_due(time_);
  }

  /// The platform reports a change of the environment.
  void change(twinsocket::detail::environment now) {
    {
      const turn this_turn(*this, time_);
      page_ = now;
      page_.resumed = false;
      environment_changed(now);
    }
    settle();
  }

  /// Advances the time, stopping at each timer on the way.
  void advance(std::chrono::nanoseconds duration) {
    const time_point end = twinsocket::detail::add_saturating(time_, duration);
    settle();
    while (next_expiry_ <= end && next_expiry_ != time_point::max()) {
      time_ = std::max(time_, std::exchange(next_expiry_, time_point::max()));
      run_due(time_);
      settle();
    }
    time_ = end;
  }

  /// Ends the loop as when its platform is destroyed.
  void end_loop() { end(time_); }

  [[nodiscard]] time_point time() const { return time_; }
  /// The expiry of the next timer; time_point::max() if there is none.
  [[nodiscard]] time_point next_expiry() const { return next_expiry_; }

 private:
  void wake() override { woken_ = true; }
  void wake_at(time_point when) override { next_expiry_ = when; }
  twinsocket::detail::environment watch() override { return page_; }

  time_point time_{std::chrono::hours(1)};
  time_point next_expiry_ = time_point::max();
  bool woken_ = false;
  twinsocket::detail::environment page_;
};
