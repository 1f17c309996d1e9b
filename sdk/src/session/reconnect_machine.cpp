#include "session/reconnect_machine.hpp"

#include <algorithm>
#include <utility>

#include "session/retry_after.hpp"
#include "twinsocket/handshake_response.hpp"

namespace twinsocket::detail {

bool reconnect_machine::is_final(errc code, int status) const noexcept {
  switch (code) {
    case errc::invalid_argument:
    case errc::invalid_url:
    case errc::unsupported:
    case errc::cancelled: return true;
    default: return policy_.stops_on_status(status);
  }
}

reconnect_machine::reconnect_machine(reconnect_policy policy, time_point now, bool loopback)
    : policy_(std::move(policy)),
      backoff_(policy_.initial_delay(), policy_.growth_factor(), policy_.max_delay()),
      loopback_(loopback),
      last_attempt_(now) {}

void reconnect_machine::prepared(time_point now) noexcept {
  phase_ = reconnect_phase::open;
  open_since_ = now;
}

void reconnect_machine::failed(bool final, retry_hint when, double jitter, time_point now) {
  if (online_ || final) ++failures_;
  if (final || failures_ >= policy_.max_attempts()) {
    phase_ = reconnect_phase::closed;
  } else {
    wait(when, jitter, now);
  }
}

void reconnect_machine::failed(const error& why, double jitter, time_point now) {
  const retry_hint when = why.response() ? parse_retry_after(why.response()->header("Retry-After")) : std::nullopt;
  failed(is_final(why.code(), why.response() ? why.response()->status() : 0), when, jitter, now);
}

void reconnect_machine::lost(const close_info& how, double jitter, time_point now) {
  const bool final = policy_.stops_on(how.code);
  const retry_hint when = find_retry_after(how.reason);
  if (phase_ != reconnect_phase::open || now < add_saturating(open_since_, policy_.min_uptime())) {
    failed(final, when, jitter, now);
    return;
  }
  failures_ = 0;
  backoff_.reset();
  if (final) {
    phase_ = reconnect_phase::closed;
  } else {
    wait(when, jitter, now);
  }
}

void reconnect_machine::wait(retry_hint when, double jitter, time_point now) {
  not_before_ = when ? add_saturating(now, std::min<std::chrono::milliseconds>(*when, policy_.max_retry_after())) : now;
  due_ = add_saturating(not_before_, visible_ && online_ ? backoff_.next(jitter) : backoff_.next_at_maximum(jitter));
  phase_ = online_ ? reconnect_phase::waiting : reconnect_phase::paused;
}

void reconnect_machine::connect(time_point now) noexcept {
  phase_ = reconnect_phase::connecting;
  last_attempt_ = now;
}

void reconnect_machine::on_timer(time_point now) noexcept {
  if (due() <= now) connect(now);
}

void reconnect_machine::retry(time_point now) noexcept {
  if (is_waiting()) connect(now);
}

void reconnect_machine::set_online(bool on, time_point now) noexcept {
  if (loopback_) return;
  online_ = on;
  if (on && phase_ == reconnect_phase::paused) phase_ = reconnect_phase::waiting;
  if (!on && phase_ == reconnect_phase::waiting) phase_ = reconnect_phase::paused;
  if (on) advance_attempt(now);
}

void reconnect_machine::set_visible(bool on, time_point now) noexcept {
  visible_ = on;
  if (on) advance_attempt(now);
}

void reconnect_machine::set_active(bool on, time_point now) noexcept {
  active_ = on;
  if (on) advance_attempt(now);
}

// A flapping network or a user who switches tabs must not cause more attempts than the first delay allows. The server's
// Retry-After still applies.
void reconnect_machine::advance_attempt(time_point now) noexcept {
  if (!is_waiting()) return;
  due_ = std::min(due_, std::max({now, not_before_, add_saturating(last_attempt_, policy_.initial_delay())}));
  on_timer(now);
}

}  // namespace twinsocket::detail
