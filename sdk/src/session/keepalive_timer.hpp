#pragma once

// When to send a ping, and when a silent peer counts as lost.

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "twinsocket/detail/timer.hpp"
#include "twinsocket/keepalive.hpp"

namespace twinsocket::detail {

class keepalive_timer {
 public:
  enum class action : std::uint8_t {
    none,
    ping,  ///< Send a ping.
    lost,  ///< The peer is lost.
  };

  keepalive_timer(const keepalive& options, time_point now) noexcept
      : since_(now),
        on_(options.on()),
        interval_(options.on() ? options.interval() : std::chrono::milliseconds::max()),
        timeout_(options.timeout()) {}

  [[nodiscard]] bool on() const noexcept { return on_; }
  /// True while the peer has to send something, and due() says until when.
  [[nodiscard]] bool is_waiting() const noexcept { return waiting_; }

  /// Any input from the peer proves that it is alive.
  void on_input(time_point now) noexcept {
    since_ = now;
    waiting_ = false;
  }

  /// The network or the page has just come back: the peer has to send something within 3 s, or within the time limit if
  /// that is shorter. This applies even if keepalive is off. The caller sends a ping, if the peer answers pings.
  void probe(time_point now) noexcept {
    const time_point due = add_saturating(now, std::min(timeout_, probe_time));
    since_ = waiting_ ? std::min(since_, due) : due;
    waiting_ = true;
  }

  [[nodiscard]] action on_timer(time_point now) noexcept {
    if (now < due()) return action::none;
    if (waiting_) return action::lost;
    // After a suspension of the process or page this call comes late. The peer's time starts now in any case.
    waiting_ = true;
    since_ = add_saturating(now, timeout_);
    return action::ping;
  }

  /// When on_timer() has to be called next.
  [[nodiscard]] time_point due() const noexcept { return waiting_ ? since_ : add_saturating(since_, interval_); }

 private:
  static constexpr std::chrono::milliseconds probe_time{3'000};

  time_point since_;  // The time of the last input. While a ping is unanswered: the time at which the peer is lost.
  bool waiting_ = false;
  bool on_;
  std::chrono::milliseconds interval_;  // milliseconds::max() if keepalive is off.
  std::chrono::milliseconds timeout_;
};

}  // namespace twinsocket::detail
