#include "session/reconnecting.hpp"

#include <algorithm>
#include <utility>

#include "session/retry_after.hpp"
#include "twinsocket/handshake_answer.hpp"

namespace twinsocket::detail {

bool reconnecting::is_final(errc code, int status) const noexcept {
  switch (code) {
    case errc::invalid_argument:
    case errc::invalid_url:
    case errc::unsupported:
    case errc::cancelled:
      return true;
    default:
      return policy_.stops_on_status(status);
  }
}

reconnecting::reconnecting(reconnect_policy policy, time_point now, bool loopback)
    : policy_(std::move(policy)),
      backoff_(policy_.first_delay(), policy_.growth(), policy_.longest_delay()),
      loopback_(loopback),
      tried_(now) {}

void reconnecting::prepared(time_point now) noexcept {
  phase_ = reconnect_phase::open;
  open_since_ = now;
}

void reconnecting::failed(bool final, hint when, double chance, time_point now) {
  if (online_ || final) ++failures_;
  if (final || failures_ >= policy_.attempts()) {
    phase_ = reconnect_phase::closed;
  } else {
    wait(when, chance, now);
  }
}

void reconnecting::failed(const error& why, double chance, time_point now) {
  const hint when = why.answer() ? parse_retry_after(why.answer()->header("Retry-After")) : std::nullopt;
  failed(is_final(why.code(), why.answer() ? why.answer()->status() : 0), when, chance, now);
}

void reconnecting::lost(const close_info& how, double chance, time_point now) {
  const bool final = policy_.stops_on(how.code);
  const hint when = find_retry_after(how.reason);
  if (phase_ != reconnect_phase::open || now < later(open_since_, policy_.stable_time())) {
    failed(final, when, chance, now);
    return;
  }
  failures_ = 0;
  backoff_.reset();
  if (final) {
    phase_ = reconnect_phase::closed;
  } else {
    wait(when, chance, now);
  }
}

void reconnecting::wait(hint when, double chance, time_point now) {
  not_before_ = when ? later(now, std::min<std::chrono::milliseconds>(*when, policy_.longest_hint())) : now;
  due_ = later(not_before_, visible_ && online_ ? backoff_.next(chance) : backoff_.slow(chance));
  phase_ = online_ ? reconnect_phase::waiting : reconnect_phase::paused;
}

void reconnecting::connect(time_point now) noexcept {
  phase_ = reconnect_phase::connecting;
  tried_ = now;
}

void reconnecting::on_time(time_point now) noexcept {
  if (due() <= now) connect(now);
}

void reconnecting::retry(time_point now) noexcept {
  if (is_waiting()) connect(now);
}

void reconnecting::set_online(bool on, time_point now) noexcept {
  if (loopback_) return;
  online_ = on;
  if (on && phase_ == reconnect_phase::paused) phase_ = reconnect_phase::waiting;
  if (!on && phase_ == reconnect_phase::waiting) phase_ = reconnect_phase::paused;
  if (on) hasten(now);
}

void reconnecting::set_visible(bool on, time_point now) noexcept {
  visible_ = on;
  if (on) hasten(now);
}

void reconnecting::set_active(bool on, time_point now) noexcept {
  active_ = on;
  if (on) hasten(now);
}

// A flapping network or a user who switches tabs must not cause more attempts than the first delay allows. The server's
// Retry-After still applies.
void reconnecting::hasten(time_point now) noexcept {
  if (!is_waiting()) return;
  due_ = std::min(due_, std::max({now, not_before_, later(tried_, policy_.first_delay())}));
  on_time(now);
}

}  // namespace twinsocket::detail
