#pragma once

// Cancels connecting: at its timeout, or when the caller requests it.

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <utility>

#include "loop_event.hpp"
#include "twinsocket/cancel.hpp"
#include "twinsocket/connect.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

class connect_cancellation final : private timeout_or_cancel {
 public:
  connect_cancellation(loop& own_loop, const connect_options& options)
      : limit_(options.timeout()), until_(add_saturating(own_loop.now(), limit_)), stop_(options.cancellation()) {
    start(until_, stop_);
  }
  connect_cancellation(const connect_cancellation&) = delete;
  connect_cancellation& operator=(const connect_cancellation&) = delete;

  /// `co_await wait(event)` waits for the event until the timeout or a request of the caller, and until `due` at the latest.
  [[nodiscard]] loop_event::timed_awaiter wait(loop_event& event, time_point due = time_point::max()) const noexcept {
    return event.wait_until(std::min(until_, due), stop_);
  }
  /// Sets the callback that ends the pending operation. Called at once if cancellation was requested already.
  void set_handler(std::function<void()> what) {
    handler_ = std::move(what);
    if (requested() && handler_) handler_();
  }
  /// Clears the callback: no operation is pending.
  void clear_handler() { handler_ = nullptr; }

  /// True after the timeout, or after a request of the caller.
  [[nodiscard]] bool requested() const noexcept { return stop_.cancelled() || reason() != errc::ok; }

  /// errc::cancelled or errc::timed_out if requested(), else `wrong`. `doing` is a phrase such as "looking up example.com".
  [[nodiscard]] error error_or(const std::string& doing, error wrong) const {
    if (stop_.cancelled()) return {errc::cancelled, doing};
    if (requested()) return {errc::timed_out, doing + ", the limit is " + std::to_string(limit_.count()) + " ms"};
    return wrong;
  }

 private:
  void on_timeout_or_cancel() override {
    if (handler_) handler_();
  }

  const std::chrono::milliseconds limit_;
  const time_point until_;
  const cancellation_token stop_;
  std::function<void()> handler_;
};

}  // namespace twinsocket::detail
