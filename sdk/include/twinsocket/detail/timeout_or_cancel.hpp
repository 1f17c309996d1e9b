#pragma once

// The timeout and the cancellation of a wait. All functions are called on the thread of the waiting event loop; the token
// may be cancelled on any thread.

#include "twinsocket/detail/cxx20.hpp"

#include "twinsocket/cancel.hpp"
#include "twinsocket/detail/timer.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

class timeout_or_cancel : private timer, private cancellable {
 public:
  /// errc::timed_out or errc::cancelled, whichever came first. errc::ok before.
  [[nodiscard]] errc reason() const noexcept { return reason_; }

 protected:
  timeout_or_cancel() = default;
  timeout_or_cancel(timeout_or_cancel&&) noexcept = default;
  ~timeout_or_cancel() = default;

  /// Must be called inside a turn. time_point::max() is no timeout. A token that is cancelled already ends the wait at once.
  void start(time_point until, const cancellation_token& stop);
  /// Only the first call has an effect.
  void end(errc why) {
    if (reason_ != errc::ok) return;
    reason_ = why;
    on_timeout_or_cancel();
  }

 private:
  void on_timer(time_point) final { end(errc::timed_out); }
  void on_cancel() final { end(errc::cancelled); }
  /// Called inside a turn, possibly after the wait has ended otherwise.
  virtual void on_timeout_or_cancel() = 0;

  errc reason_ = errc::ok;
};

}  // namespace twinsocket::detail
