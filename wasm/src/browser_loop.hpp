#pragma once

// The loop on the event loop of JavaScript, in a page, a worker or Node.

#include "loop.hpp"

namespace twinsocket::detail {

class browser_loop final : public loop {
 public:
  /// The only instance, because the program has one thread.
  [[nodiscard]] static browser_loop& get();

  /// The current time of JavaScript's performance.now().
  [[nodiscard]] static time_point clock() noexcept;

  /// Called by JavaScript after wake() or wake_at().
  void turn_now();

  /// Called by JavaScript when the state of the page has changed, once watch() was called.
  void page_changed(int bits);

 private:
  void wake() override;
  void wake_at(time_point when) override;
  environment watch() override;

  time_point timer_expiry_ = time_point::max();
};

/// Scope of one call from JavaScript. Create one in each function that JavaScript calls.
class browser_turn : loop::turn {
 public:
  explicit browser_turn(time_point now = browser_loop::clock()) : turn(browser_loop::get(), now) {}
};

}  // namespace twinsocket::detail
