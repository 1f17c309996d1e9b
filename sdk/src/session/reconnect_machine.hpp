#pragma once

// The state machine of a reconnecting client, without I/O. Inputs are events, the time and random numbers; outputs are
// the phase and the time of the next call.

#include <chrono>
#include <cstdint>
#include <optional>

#include "session/backoff.hpp"
#include "twinsocket/close.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/reconnect_phase.hpp"
#include "twinsocket/reconnect_policy.hpp"

namespace twinsocket::detail {

class reconnect_machine {
 public:
  using retry_hint = std::optional<std::chrono::seconds>;

  /// Starts with an attempt at once. With `loopback` the server is on this machine, and the state of the network does not
  /// matter.
  reconnect_machine(reconnect_policy policy, time_point now, bool loopback = false);

  [[nodiscard]] reconnect_phase current_phase() const noexcept { return phase_; }
  /// The number of failed attempts since the last stable connection.
  [[nodiscard]] unsigned failures() const noexcept { return failures_; }
  /// When on_timer() has to be called; time_point::max() for never.
  [[nodiscard]] time_point due() const noexcept { return is_waiting() && active_ ? due_ : time_point::max(); }

  // Outcomes of the current attempt. `jitter` is in [0, 1).
  void connected() noexcept { phase_ = reconnect_phase::preparing; }
  void prepared(time_point now) noexcept;
  /// The attempt failed. With `final` another attempt would be pointless.
  void failed(bool final, retry_hint when, double jitter, time_point now);
  void failed(const error& why, double jitter, time_point now);
  void failed(errc code, int status, double jitter, time_point now) {
    failed(is_final(code, status), std::nullopt, jitter, now);
  }
  /// The connection ended.
  void lost(const close_info& how, double jitter, time_point now);

  // External events.
  void on_timer(time_point now) noexcept;
  /// Stops for good.
  void close() noexcept { phase_ = reconnect_phase::closed; }
  /// Reconnects now instead of later.
  void retry(time_point now) noexcept;
  /// Whether the network is available. The platform's report may be wrong, so attempts continue while it is offline, with
  /// long delays; failures then do not count. An attempt is made at once when the network is back.
  void set_online(bool on, time_point now) noexcept;
  /// Whether the page is visible. While it is hidden delays are long. When it becomes visible a pending delay ends.
  void set_visible(bool on, time_point now) noexcept;
  /// Whether the page is active. While it is in the back/forward cache no attempt is made.
  void set_active(bool on, time_point now) noexcept;

 private:
  /// True for an error of connect() that another attempt would produce again. `status` is the HTTP status of the
  /// response, or 0 if there was none.
  [[nodiscard]] bool is_final(errc code, int status) const noexcept;
  [[nodiscard]] bool is_waiting() const noexcept {
    return phase_ == reconnect_phase::waiting || phase_ == reconnect_phase::paused;
  }
  void wait(retry_hint when, double jitter, time_point now);
  void connect(time_point now) noexcept;
  void advance_attempt(time_point now) noexcept;

  reconnect_policy policy_;
  backoff backoff_;
  reconnect_phase phase_ = reconnect_phase::connecting;
  unsigned failures_ = 0;
  bool loopback_;
  bool online_ = true;
  bool visible_ = true;
  bool active_ = true;
  time_point due_{};
  time_point not_before_{};    // The server's Retry-After.
  time_point last_attempt_{};  // When the last attempt began.
  time_point open_since_{};
};

}  // namespace twinsocket::detail
