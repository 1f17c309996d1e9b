#pragma once

// A timer of an event loop. The clock's type is only a unit here: the current time comes from outside.

#include "twinsocket/detail/cxx20.hpp"

#include <boost/intrusive/set_hook.hpp>
#include <chrono>

namespace twinsocket::detail {

using time_point = std::chrono::steady_clock::time_point;
using auto_unlink = boost::intrusive::link_mode<boost::intrusive::auto_unlink>;

/// Adds a duration to a time, for every timeout. Returns time_point::max(), which means never, if the sum exceeds the
/// clock's range. Durations below zero count as zero.
template <class Rep, class Period>
[[nodiscard]] constexpr time_point add_saturating(time_point from, std::chrono::duration<Rep, Period> by) noexcept {
  using unit = std::chrono::duration<Rep, Period>;
  if (by <= unit::zero()) return from;
  // A constant, so that nothing is divided at run time.
  constexpr unit longest = std::chrono::floor<unit>(time_point::duration::max());
  if (by > longest) return time_point::max();
  const time_point::duration ticks = std::chrono::duration_cast<time_point::duration>(by);
  return ticks < time_point::max() - from ? from + ticks : time_point::max();
}

/// Converts a duration to nanoseconds. If it is too long for these, returns the longest that they can represent.
template <class Rep, class Period>
[[nodiscard]] constexpr std::chrono::nanoseconds saturated(std::chrono::duration<Rep, Period> time) noexcept {
  using unit = std::chrono::duration<Rep, Period>;
  constexpr auto most = std::chrono::nanoseconds::max();
  if (time >= std::chrono::duration_cast<unit>(most)) return most;
  if (time <= -std::chrono::duration_cast<unit>(most)) return -most;
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time);
}

/// Armed and disarmed by a loop. Destroying an armed timer disarms it.
class timer : public boost::intrusive::set_base_hook<auto_unlink> {
 public:
  timer() = default;
  timer(const timer&) : timer() {}
  timer& operator=(const timer&) = delete;
  [[nodiscard]] bool armed() const noexcept { return is_linked(); }
  [[nodiscard]] time_point expiry() const noexcept { return expiry_; }

  friend bool operator<(const timer& a, const timer& b) noexcept { return a.expiry_ < b.expiry_; }

 protected:
  virtual ~timer() = default;

 private:
  friend class loop;
  /// Called when the timer expires. It is no longer armed then.
  virtual void on_timer(time_point now) = 0;

  time_point expiry_{};
};

}  // namespace twinsocket::detail
