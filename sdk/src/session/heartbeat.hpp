#pragma once

// When to ping, and when to give a silent peer up.

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

  heartbeat(const keepalive& options, time_point now) : options_(options), heard_(now) {}

  /// Something came from the peer: anything proves that it is there.
  void heard(time_point now) noexcept {
    heard_ = now;
    waiting_ = false;
  }

  [[nodiscard]] action on_time(time_point now) noexcept {
    if (!options_.on() || now < due()) return action::none;
    if (waiting_) return action::lost;
    waiting_ = true;
    pinged_ = now;
    return action::ping;
  }

  /// When on_time() has something to do.
  [[nodiscard]] time_point due() const noexcept {
    if (!options_.on()) return time_point::max();
    // From the ping on, which an event loop that was held up sends late.
    return waiting_ ? later(pinged_, options_.time_limit()) : later(heard_, options_.interval());
  }

 private:
  keepalive options_;
  time_point heard_;
  time_point pinged_{};
  bool waiting_ = false;
};

}  // namespace twinsocket::detail
