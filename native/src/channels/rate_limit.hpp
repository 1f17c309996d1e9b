#pragma once

// A token bucket: so many events in a second, and as many at once.

#include <algorithm>
#include <chrono>

#include "twinsocket/detail/timer.hpp"

namespace twinsocket::detail {

class rate_limit {
 public:
  rate_limit(double per_second, time_point now) noexcept
      : per_second_(per_second), left_(std::max(per_second, 1.0)), last_(now) {}

  /// False if the event comes too early.
  [[nodiscard]] bool allows(time_point now) noexcept {
    const double passed = std::chrono::duration<double>(now - last_).count();
    left_ = std::min(std::max(per_second_, 1.0), left_ + passed * per_second_);
    last_ = now;
    if (left_ < 1) return false;
    left_ -= 1;
    return true;
  }

 private:
  double per_second_;
  double left_;
  time_point last_;
};

}  // namespace twinsocket::detail
