#pragma once

// The delay before the next attempt: uniformly random between zero and a ceiling that grows exponentially ("full
// jitter"), so that clients that lost the same server at the same moment reconnect spread over time.

#include <algorithm>
#include <chrono>

#include "twinsocket/detail/timer.hpp"

namespace twinsocket::detail {

class backoff {
 public:
  using duration = time_point::duration;

  backoff(std::chrono::milliseconds first, double growth_factor, std::chrono::milliseconds longest) noexcept
      : first_(whole(std::min(first, longest))),
        longest_(whole(longest)),
        growth_factor_(std::max(1.0, growth_factor)),
        ceiling_(first_) {}

  /// The next delay. `jitter` is in [0, 1). Then the ceiling grows.
  [[nodiscard]] duration next(double jitter) noexcept {
    const duration drawn = part(ceiling_, jitter);
    ceiling_ = part(longest_, std::min(1.0, growth_factor_ * seconds(ceiling_) / std::max(seconds(longest_), 1e-9)));
    return drawn;
  }
  /// A delay below the maximum ceiling, regardless of earlier ones.
  [[nodiscard]] duration next_at_maximum(double jitter) noexcept {
    ceiling_ = longest_;
    return part(longest_, jitter);
  }
  void reset() noexcept { ceiling_ = first_; }

  /// The upper bound of the next delay.
  [[nodiscard]] duration ceiling() const noexcept { return ceiling_; }

 private:
  [[nodiscard]] static double seconds(duration time) noexcept { return std::chrono::duration<double>(time).count(); }
  // In the clock's unit, saturated.
  [[nodiscard]] static duration whole(std::chrono::milliseconds time) noexcept {
    return add_saturating(time_point(), time) - time_point();
  }
  [[nodiscard]] static duration part(duration whole, double of_it) noexcept {
    // A double cannot represent the last nanoseconds of the longest duration, and must not be rounded up beyond it.
    const double most = static_cast<double>(duration::max().count()) * (1 - 1e-15);
    if (of_it >= 1 || static_cast<double>(whole.count()) * of_it >= most) return whole;
    return std::chrono::duration_cast<duration>(std::chrono::duration<double, duration::period>(whole) * of_it);
  }

  duration first_;
  duration longest_;
  double growth_factor_;
  duration ceiling_;
};

}  // namespace twinsocket::detail
