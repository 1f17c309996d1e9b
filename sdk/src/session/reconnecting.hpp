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

  /// Begins with an attempt at once.
  reconnecting(reconnect_policy policy, time_point now);

  [[nodiscard]] reconnect_phase now_in() const noexcept { return phase_; }
  /// How many attempts have failed since a connection was stable.
  [[nodiscard]] unsigned failures() const noexcept { return failures_; }
  /// When on_time() is to be called; time_point::max() for never.
  [[nodiscard]] time_point due() const noexcept { return phase_ == reconnect_phase::waiting ? due_ : time_point::max(); }

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
  /// Whether there is a network at all: while there is none nothing is tried, and when it is there again it is at once.
  void set_online(bool on, time_point now) noexcept;
  /// Whether somebody looks: while nobody does the waits are long, and who looks again waits no longer.
  void set_visible(bool on, time_point now) noexcept;

 private:
  /// True for an error of connect() after which another attempt would fail in the same way. `status` is that of the
  /// server's answer, 0 where there was none.
  [[nodiscard]] bool is_final(errc code, int status) const noexcept;
  void wait(hint when, double chance, time_point now);
  void connect(time_point now) noexcept;
  void hasten(time_point now) noexcept;

  reconnect_policy policy_;
  backoff backoff_;
  reconnect_phase phase_ = reconnect_phase::connecting;
  unsigned failures_ = 0;
  bool online_ = true;
  bool visible_ = true;
  time_point due_{};
  time_point not_before_{};  // What the server asked for.
  time_point tried_{};       // When the last attempt began.
  time_point open_since_{};
};

}  // namespace twinsocket::detail
