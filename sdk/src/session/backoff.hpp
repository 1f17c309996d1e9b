#pragma once

// How long to wait before the next attempt: each wait is drawn anew between nothing and a ceiling that grows ("full
// jitter"), so that clients that lost the same server at the same moment come back spread over time.

#include <algorithm>
#include <chrono>

#include "twinsocket/detail/timer.hpp"

namespace twinsocket::detail {

class backoff {
 public:
  using duration = time_point::duration;

  backoff(std::chrono::milliseconds first, double growth, std::chrono::milliseconds longest) noexcept
      : first_(whole(std::min(first, longest))), longest_(whole(longest)), growth_(std::max(1.0, growth)), ceiling_(first_) {}

  /// The next wait; `chance` is from 0 up to, and without, 1. The ceiling grows for the one after it.
  [[nodiscard]] duration next(double chance) noexcept {
    const duration drawn = part(ceiling_, chance);
    ceiling_ = part(longest_, std::min(1.0, growth_ * seconds(ceiling_) / std::max(seconds(longest_), 1e-9)));
    return drawn;
  }
  /// A wait under the highest ceiling, whatever came before.
  [[nodiscard]] duration slow(double chance) noexcept {
    ceiling_ = longest_;
    return part(longest_, chance);
  }
  void reset() noexcept { ceiling_ = first_; }

  /// What the next wait is less than.
  [[nodiscard]] duration ceiling() const noexcept { return ceiling_; }

 private:
  [[nodiscard]] static double seconds(duration time) noexcept { return std::chrono::duration<double>(time).count(); }
  // As long as the clock has it.
  [[nodiscard]] static duration whole(std::chrono::milliseconds time) noexcept { return later(time_point(), time) - time_point(); }
  [[nodiscard]] static duration part(duration whole, double of_it) noexcept {
    // A double has no room for the last nanoseconds of the longest time, and must not round up to more.
    const double most = static_cast<double>(duration::max().count()) * (1 - 1e-15);
    if (of_it >= 1 || static_cast<double>(whole.count()) * of_it >= most) return whole;
    return std::chrono::duration_cast<duration>(std::chrono::duration<double, duration::period>(whole) * of_it);
  }

  duration first_;
  duration longest_;
  double growth_;
  duration ceiling_;
};

}  // namespace twinsocket::detail
