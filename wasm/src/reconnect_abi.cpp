// C ABI of the npm package for js/machine.ts: the reconnect state machine of the SDK. The clock and random numbers come from
// JavaScript. Times are milliseconds of performance.now(), durations are milliseconds.

#include <emscripten.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "javascript.hpp"
#include "session/loopback.hpp"
#include "session/reconnecting.hpp"

using namespace twinsocket;
using detail::reconnecting;
using detail::time_point;
using detail::whole_milliseconds;

namespace {

using milliseconds = std::chrono::duration<double, std::milli>;

time_point at(double now) { return time_point(std::chrono::duration_cast<time_point::duration>(milliseconds(now))); }

}  // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE reconnect_policy* twinsocket_policy(double first_delay, double growth, double longest_delay,
                                                         double longest_hint, double stable_time, unsigned attempts) {
  auto made = std::make_unique<reconnect_policy>();
  made->first_delay(whole_milliseconds(first_delay)).growth(growth).longest_delay(whole_milliseconds(longest_delay));
  made->longest_hint(whole_milliseconds(longest_hint)).stable_time(whole_milliseconds(stable_time)).attempts(attempts);
  return made.release();
}

/// Sets whether it reconnects after a close with a code from `first` to `last`.
EMSCRIPTEN_KEEPALIVE void twinsocket_policy_rule(reconnect_policy* policy, int first, int last, int stop) {
  const auto from = static_cast<close_code>(first);
  const auto to = static_cast<close_code>(last);
  if (stop) {
    policy->stop_on(from, to);
  } else {
    policy->go_on_after(from, to);
  }
}

/// Takes ownership of the policy. The landing contains the host as normalized by the platform's URL parser.
EMSCRIPTEN_KEEPALIVE reconnecting* twinsocket_reconnecting(reconnect_policy* policy, double now) {
  const std::unique_ptr<reconnect_policy> taken(policy);
  const bool loopback = detail::is_loopback_host(detail::take_landed_text());
  return std::make_unique<reconnecting>(std::move(*taken), at(now), loopback).release();
}
EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_delete(reconnecting* machine) { delete machine; }

EMSCRIPTEN_KEEPALIVE int twinsocket_reconnecting_phase(const reconnecting* machine) {
  return static_cast<int>(machine->now_in());
}
EMSCRIPTEN_KEEPALIVE unsigned twinsocket_reconnecting_failures(const reconnecting* machine) { return machine->failures(); }
/// The time at which on_time() is to be called. Negative: never.
EMSCRIPTEN_KEEPALIVE double twinsocket_reconnecting_due(const reconnecting* machine) {
  if (machine->due() == time_point::max()) return -1;
  return milliseconds(machine->due().time_since_epoch()).count();
}

EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_connected(reconnecting* machine) { machine->connected(); }
EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_prepared(reconnecting* machine, double now) { machine->prepared(at(now)); }
/// `code` is an errc, `status` the HTTP status of the response or 0.
EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_failed(reconnecting* machine, int code, int status, double chance, double now) {
  machine->failed(static_cast<errc>(code), status, chance, at(now));
}
/// The landing contains the close reason.
EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_lost(reconnecting* machine, int code, double chance, double now) {
  close_info how;
  how.code = static_cast<close_code>(code);
  how.reason = detail::take_landed_text();
  machine->lost(how, chance, at(now));
}
EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_on_time(reconnecting* machine, double now) { machine->on_time(at(now)); }
EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_close(reconnecting* machine) { machine->close(); }
EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_retry(reconnecting* machine, double now) { machine->retry(at(now)); }
/// Sets the state of the page. Bits: 1 online, 2 visible, 4 the page was left.
EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_page(reconnecting* machine, int bits, double now) {
  machine->set_active((bits & 4) == 0, at(now));
  machine->set_visible((bits & 2) != 0, at(now));
  machine->set_online((bits & 1) != 0, at(now));
}

}  // extern "C"
