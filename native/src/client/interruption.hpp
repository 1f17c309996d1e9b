#pragma once

// Interrupts connecting: by its timeout, or by cancellation.

#include <functional>
#include <string>
#include <utility>

#include "loop.hpp"
#include "twinsocket/cancel.hpp"
#include "twinsocket/connect.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

class interruption final : timer, cancellable {
 public:
  interruption(loop& home, const connect_options& options)
      : limit_(options.time_limit()), cancelled_(options.stop().cancelled()) {
    home.arm(*this, later(home.now(), limit_));
    if (!cancelled_) options.stop().add(*this);
  }
  interruption(const interruption&) = delete;
  interruption& operator=(const interruption&) = delete;

  /// Sets the callback that ends the pending operation. Called at once if the interruption has happened already.
  void ends(std::function<void()> what) {
    what_ = std::move(what);
    if (happened() && what_) what_();
  }
  /// Clears the callback: no operation is pending.
  void rest() { what_ = nullptr; }

  [[nodiscard]] bool happened() const noexcept { return timed_out_ || cancelled_; }

  /// errc::cancelled or errc::timed_out if the interruption has happened, else `wrong`. `doing` is a phrase such as "looking
  /// up example.com".
  [[nodiscard]] error or_else(const std::string& doing, error wrong) const {
    if (cancelled_) return {errc::cancelled, doing};
    if (timed_out_) return {errc::timed_out, doing + ", the limit is " + std::to_string(limit_.count()) + " ms"};
    return wrong;
  }

 private:
  void on_time(time_point) override {
    timed_out_ = true;
    if (what_) what_();
  }
  void on_cancel() override {
    cancelled_ = true;
    if (what_) what_();
  }

  std::chrono::milliseconds limit_;
  std::function<void()> what_;
  bool timed_out_ = false;
  bool cancelled_;
};

}  // namespace twinsocket::detail
