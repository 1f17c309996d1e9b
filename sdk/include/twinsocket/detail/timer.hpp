#pragma once

// A moment at which an event loop calls somebody. The clock's type is only a unit here: what time it is comes from outside.

#include "twinsocket/detail/cxx20.hpp"

#include <boost/intrusive/set_hook.hpp>
#include <chrono>

namespace twinsocket::detail {

using time_point = std::chrono::steady_clock::time_point;
using auto_unlink = boost::intrusive::link_mode<boost::intrusive::auto_unlink>;

/// The arithmetic of everything that takes a time: a moment so much later. What is too much for the clock is
/// time_point::max(), which is never; a time below zero counts as zero.
template <class Rep, class Period>
[[nodiscard]] constexpr time_point later(time_point from, std::chrono::duration<Rep, Period> by) noexcept {
  using unit = std::chrono::duration<Rep, Period>;
  if (by <= unit::zero()) return from;
  return by < std::chrono::floor<unit>(time_point::max() - from) ? from + by : time_point::max();
}

/// A duration in nanoseconds; the largest where it is longer than they can tell.
template <class Rep, class Period>
[[nodiscard]] constexpr std::chrono::nanoseconds saturated(std::chrono::duration<Rep, Period> time) noexcept {
  using unit = std::chrono::duration<Rep, Period>;
  constexpr auto most = std::chrono::nanoseconds::max();
  if (time >= std::chrono::duration_cast<unit>(most)) return most;
  if (time <= -std::chrono::duration_cast<unit>(most)) return -most;
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time);
}

/// Armed and disarmed by a loop; destroying an armed timer disarms it.
class timer : public boost::intrusive::set_base_hook<auto_unlink> {
 public:
  timer() = default;
  timer(const timer&) : timer() {}
  timer& operator=(const timer&) = delete;
  [[nodiscard]] bool armed() const noexcept { return is_linked(); }
  [[nodiscard]] time_point when() const noexcept { return when_; }

  friend bool operator<(const timer& a, const timer& b) noexcept { return a.when_ < b.when_; }

 protected:
  virtual ~timer() = default;

 private:
  friend class loop;
  /// The time has come; the timer is no longer armed.
  virtual void on_time(time_point now) = 0;

  time_point when_{};
};

}  // namespace twinsocket::detail
