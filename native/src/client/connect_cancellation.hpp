#pragma once

// Cancels connecting: at its timeout, or when the caller requests it.

#include <functional>
#include <string>
#include <utility>

#include "loop.hpp"
#include "twinsocket/cancel.hpp"
#include "twinsocket/connect.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

class connect_cancellation final : timer, cancellable {
 public:
  connect_cancellation(loop& own_loop, const connect_options& options)
      : limit_(options.timeout()), cancelled_(options.cancellation().cancelled()) {
    own_loop.arm(*this, add_saturating(own_loop.now(), limit_));
    if (!cancelled_) options.cancellation().add(*this);
  }
  connect_cancellation(const connect_cancellation&) = delete;
  connect_cancellation& operator=(const connect_cancellation&) = delete;

  /// Sets the callback that ends the pending operation. Called at once if cancellation was requested already.
  void set_handler(std::function<void()> what) {
    handler_ = std::move(what);
    if (requested() && handler_) handler_();
  }
  /// Clears the callback: no operation is pending.
  void clear_handler() { handler_ = nullptr; }

  /// True after the timeout, or after a request of the caller.
  [[nodiscard]] bool requested() const noexcept { return timed_out_ || cancelled_; }

  /// errc::cancelled or errc::timed_out if requested(), else `wrong`. `doing` is a phrase such as "looking up example.com".
  [[nodiscard]] error error_or(const std::string& doing, error wrong) const {
    if (cancelled_) return {errc::cancelled, doing};
    if (timed_out_) return {errc::timed_out, doing + ", the limit is " + std::to_string(limit_.count()) + " ms"};
    return wrong;
  }

 private:
  void on_timer(time_point) override {
    timed_out_ = true;
    if (handler_) handler_();
  }
  void on_cancel() override {
    cancelled_ = true;
    if (handler_) handler_();
  }

  std::chrono::milliseconds limit_;
  std::function<void()> handler_;
  bool timed_out_ = false;
  bool cancelled_;
};

}  // namespace twinsocket::detail
