#pragma once

// A reconnecting client without I/O: what happened, what time it is and what was drawn go in; where it stands, and when it
// wants to be called, come out.

#include <chrono>
#include <cstdint>
#include <optional>

#include "session/backoff.hpp"
#include "twinsocket/close.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/reconnect_phase.hpp"
#include "twinsocket/reconnect_policy.hpp"

namespace twinsocket::detail {

class reconnecting {
 public:
  using hint = std::optional<std::chrono::seconds>;

  /// Begins with an attempt at once. For a server on this machine (`loopback`) it does not matter whether there is a
  /// network.
  reconnecting(reconnect_policy policy, time_point now, bool loopback = false);

  [[nodiscard]] reconnect_phase now_in() const noexcept { return phase_; }
  /// How many attempts have failed since a connection was stable.
  [[nodiscard]] unsigned failures() const noexcept { return failures_; }
  /// When on_time() is to be called; time_point::max() for never.
  [[nodiscard]] time_point due() const noexcept { return is_waiting() && active_ ? due_ : time_point::max(); }

  // Of the attempt under way. `chance` is from 0 up to, and without, 1.
  void connected() noexcept { phase_ = reconnect_phase::preparing; }
  void prepared(time_point now) noexcept;
  /// The attempt failed, with what is not worth another one if it is `final`.
  void failed(bool final, hint when, double chance, time_point now);
  void failed(const error& why, double chance, time_point now);
  void failed(errc code, int status, double chance, time_point now) {
    failed(is_final(code, status), std::nullopt, chance, now);
  }
  /// The connection ended.
  void lost(const close_info& how, double chance, time_point now);

  // From outside.
  void on_time(time_point now) noexcept;
  /// Ends it for good.
  void close() noexcept { phase_ = reconnect_phase::closed; }
  /// Comes back now instead of later.
  void retry(time_point now) noexcept;
  /// Whether there is a network, as far as is known, which is wrong at times: without one the waits are long and attempts
  /// that fail do not count; when it is there again it is tried at once.
  void set_online(bool on, time_point now) noexcept;
  /// Whether somebody looks: while nobody does the waits are long, and who looks again waits no longer.
  void set_visible(bool on, time_point now) noexcept;
  /// Whether the page is there at all, and not kept for somebody who may go back to it: then nothing is tried.
  void set_active(bool on, time_point now) noexcept;

 private:
  /// True for an error of connect() after which another attempt would fail in the same way. `status` is that of the
  /// server's answer, 0 where there was none.
  [[nodiscard]] bool is_final(errc code, int status) const noexcept;
  [[nodiscard]] bool is_waiting() const noexcept {
    return phase_ == reconnect_phase::waiting || phase_ == reconnect_phase::paused;
  }
  void wait(hint when, double chance, time_point now);
  void connect(time_point now) noexcept;
  void hasten(time_point now) noexcept;

  reconnect_policy policy_;
  backoff backoff_;
  reconnect_phase phase_ = reconnect_phase::connecting;
  unsigned failures_ = 0;
  bool loopback_;
  bool online_ = true;
  bool visible_ = true;
  bool active_ = true;
  time_point due_{};
  time_point not_before_{};  // What the server asked for.
  time_point tried_{};       // When the last attempt began.
  time_point open_since_{};
};

}  // namespace twinsocket::detail
