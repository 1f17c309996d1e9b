// C ABI of the npm package for js/reconnect-machine.ts: the reconnect state machine of the SDK. The clock and random numbers come from
// JavaScript. Times are milliseconds of performance.now(), durations are milliseconds.

#include <emscripten.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "javascript.hpp"
#include "session/loopback.hpp"
#include "session/reconnect_machine.hpp"

using namespace twinsocket;
using detail::reconnect_machine;
using detail::time_point;
using detail::whole_milliseconds;

namespace {

using milliseconds = std::chrono::duration<double, std::milli>;

time_point at(double now) { return time_point(std::chrono::duration_cast<time_point::duration>(milliseconds(now))); }

}  // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE reconnect_policy* twinsocket_policy(double initial_delay, double growth_factor, double max_delay,
                                                         double max_retry_after, double min_uptime, unsigned attempts) {
  auto made = std::make_unique<reconnect_policy>();
  made->initial_delay(whole_milliseconds(initial_delay))
      .growth_factor(growth_factor)
      .max_delay(whole_milliseconds(max_delay));
  made->max_retry_after(whole_milliseconds(max_retry_after))
      .min_uptime(whole_milliseconds(min_uptime))
      .max_attempts(attempts);
  return made.release();
}

/// Sets whether it reconnects after a close with a code from `first` to `last`.
EMSCRIPTEN_KEEPALIVE void twinsocket_policy_rule(reconnect_policy* policy, int first, int last, int stop) {
  const auto from = static_cast<close_code>(first);
  const auto to = static_cast<close_code>(last);
  if (stop) {
    policy->stop_on(from, to);
  } else {
    policy->reconnect_on(from, to);
  }
}

/// Takes ownership of the policy. The transfer buffer contains the host as normalized by the platform's URL parser.
EMSCRIPTEN_KEEPALIVE reconnect_machine* twinsocket_reconnecting(reconnect_policy* policy, double now) {
  const std::unique_ptr<reconnect_policy> taken(policy);
  const bool loopback = detail::is_loopback_host(detail::take_transferred_text());
  return std::make_unique<reconnect_machine>(std::move(*taken), at(now), loopback).release();
}
EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_delete(reconnect_machine* machine) { delete machine; }

EMSCRIPTEN_KEEPALIVE int twinsocket_reconnecting_phase(const reconnect_machine* machine) {
  return static_cast<int>(machine->current_phase());
}
EMSCRIPTEN_KEEPALIVE unsigned twinsocket_reconnecting_failures(const reconnect_machine* machine) {
  return machine->failures();
}
/// The time at which on_timer() is to be called. Negative: never.
EMSCRIPTEN_KEEPALIVE double twinsocket_reconnecting_due(const reconnect_machine* machine) {
  if (machine->due() == time_point::max()) return -1;
  return milliseconds(machine->due().time_since_epoch()).count();
}

EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_connected(reconnect_machine* machine) { machine->connected(); }
EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_prepared(reconnect_machine* machine, double now) {
  machine->prepared(at(now));
}
/// `code` is an errc, `status` the HTTP status of the response or 0.
EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_failed(reconnect_machine* machine, int code, int status,
                                                         double jitter, double now) {
  machine->failed(static_cast<errc>(code), status, jitter, at(now));
}
/// The transfer buffer contains the close reason.
EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_lost(reconnect_machine* machine, int code, double jitter,
                                                       double now) {
  close_info how;
  how.code = static_cast<close_code>(code);
  how.reason = detail::take_transferred_text();
  machine->lost(how, jitter, at(now));
}
EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_on_timer(reconnect_machine* machine, double now) {
  machine->on_timer(at(now));
}
EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_close(reconnect_machine* machine) { machine->close(); }
EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_retry(reconnect_machine* machine, double now) {
  machine->retry(at(now));
}
/// Sets the state of the page. Bits: 1 online, 2 visible, 4 the page was left.
EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_page(reconnect_machine* machine, int bits, double now) {
  machine->set_active((bits & 4) == 0, at(now));
  machine->set_visible((bits & 2) != 0, at(now));
  machine->set_online((bits & 1) != 0, at(now));
}

}  // extern "C"
