#pragma once

// The event loop of a page, a worker or Node: JavaScript's own.

#include "loop.hpp"

namespace twinsocket::detail {

class browser_loop final : public loop {
 public:
  /// The only one: WebAssembly has one thread here.
  [[nodiscard]] static browser_loop& get();

  /// What time it is: JavaScript's performance.now().
  [[nodiscard]] static time_point clock() noexcept;

  /// JavaScript's call that wake() or wake_at() asked for.
  void turn_now();

  /// JavaScript's call when the page has changed, of which watch() asked to be told.
  void page_changed(int bits);

 private:
  void wake() override;
  void wake_at(time_point when) override;
  surroundings watch() override;

  time_point alarm_ = time_point::max();
};

/// One of these around each call from JavaScript.
class browser_turn : loop::turn {
 public:
  browser_turn() : turn(browser_loop::get(), browser_loop::clock()) {}
};

}  // namespace twinsocket::detail
