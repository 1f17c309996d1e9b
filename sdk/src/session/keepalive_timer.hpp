#pragma once

// When to send a ping, and when a silent peer counts as lost.

#include <algorithm>
#include <chrono>

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

  keepalive_timer(const keepalive& options, time_point now) : options_(options), since_(now) {}

  [[nodiscard]] bool on() const noexcept { return options_.on(); }

  /// Any input from the peer proves that it is alive.
  void on_input(time_point now) noexcept {
    since_ = now;
    waiting_ = false;
  }

  /// The network or the page has just come back: the peer has to send something within 3 s, or within the time limit if
  /// that is shorter. This applies even if keepalive is off. The caller sends a ping, if the peer answers pings.
  void probe(time_point now) noexcept {
    const time_point due = add_saturating(now, std::min(options_.timeout(), probe_time));
    since_ = waiting_ ? std::min(since_, due) : due;
    waiting_ = true;
  }

  [[nodiscard]] action on_timer(time_point now) noexcept {
    if (now < due()) return action::none;
    if (waiting_) return action::lost;
    // After a suspension of the process or page this call comes late. The peer's time starts now in any case.
    waiting_ = true;
    since_ = add_saturating(now, options_.timeout());
    return action::ping;
  }

  /// When on_timer() has to be called next.
  [[nodiscard]] time_point due() const noexcept {
    if (waiting_) return since_;
    return options_.on() ? add_saturating(since_, options_.interval()) : time_point::max();
  }

 private:
  static constexpr std::chrono::milliseconds probe_time{3'000};

  keepalive options_;
  time_point since_;  // The time of the last input. While a ping is unanswered: the time at which the peer is lost.
  bool waiting_ = false;
};

}  // namespace twinsocket::detail
