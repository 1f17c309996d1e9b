#pragma once

// When to ping, and when a silent peer is lost.

#include <algorithm>
#include <chrono>

#include "twinsocket/detail/timer.hpp"
#include "twinsocket/keepalive.hpp"

namespace twinsocket::detail {

class heartbeat {
 public:
  enum class action : std::uint8_t {
    none,
    ping,  ///< Send a ping.
    lost,  ///< The peer is gone.
  };

  heartbeat(const keepalive& options, time_point now) : options_(options), since_(now) {}

  [[nodiscard]] bool on() const noexcept { return options_.on(); }

  /// Something came from the peer: anything proves that it is there.
  void heard(time_point now) noexcept {
    since_ = now;
    waiting_ = false;
  }

  /// The network or the page has just come back: the peer has to be heard within 3 s, or the time limit where that is less.
  /// Also where keepalive is off. Whoever calls this sends a ping, where the peer answers any.
  void probe(time_point now) noexcept {
    const time_point due = later(now, std::min(options_.time_limit(), probe_time));
    since_ = waiting_ ? std::min(since_, due) : due;
    waiting_ = true;
  }

  [[nodiscard]] action on_time(time_point now) noexcept {
    if (now < due()) return action::none;
    if (waiting_) return action::lost;
    // A process or page that was suspended calls this late: the peer has its time from now on all the same.
    waiting_ = true;
    since_ = later(now, options_.time_limit());
    return action::ping;
  }

  /// When on_time() has something to do.
  [[nodiscard]] time_point due() const noexcept {
    if (waiting_) return since_;
    return options_.on() ? later(since_, options_.interval()) : time_point::max();
  }

 private:
  static constexpr std::chrono::milliseconds probe_time{3'000};

  keepalive options_;
  time_point since_;  // When the peer was last heard; while a ping is unanswered, when the peer is lost.
  bool waiting_ = false;
};

}  // namespace twinsocket::detail
