// C ABI of the npm package for js/reconnect-machine.ts: the reconnect state machine of the SDK. The clock and random numbers come from
// JavaScript. Times are milliseconds of performance.now(), durations are milliseconds.

#include <emscripten.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "abi_types.hpp"
#include "javascript.hpp"
#include "session/reconnect_machine.hpp"
#include "url/loopback.hpp"

using namespace twinsocket;
using detail::reconnect_machine;
using detail::time_at;
using detail::time_point;

extern "C" {

/// The transfer buffer contains the numbers of the policy (abi_types.hpp), then three numbers per rule: the first and the
/// last close code, and 1 to stop or 0 to reconnect. They are followed by the host as normalized by the platform's URL
/// parser.
EMSCRIPTEN_KEEPALIVE reconnect_machine* twinsocket_reconnecting(unsigned rules, double now) {
  const std::string transferred = detail::take_transferred_text();
  detail::number_reader numbers(transferred);
  reconnect_policy policy;
  numbers.read_options(policy);
  while (rules-- != 0) {
    const auto first = static_cast<close_code>(numbers.next<std::uint16_t>());
    const auto last = static_cast<close_code>(numbers.next<std::uint16_t>());
    if (numbers.next<unsigned>() != 0) {
      policy.stop_on(first, last);
    } else {
      policy.reconnect_on(first, last);
    }
  }
  const bool loopback = detail::is_loopback_host(numbers.rest());
  return std::make_unique<reconnect_machine>(std::move(policy), time_at(now), loopback).release();
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
  return std::chrono::duration<double, std::milli>(machine->due().time_since_epoch()).count();
}

EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_connected(reconnect_machine* machine) { machine->connected(); }
EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_prepared(reconnect_machine* machine, double now) {
  machine->prepared(time_at(now));
}
/// `code` is an errc, `status` the HTTP status of the response or 0.
EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_failed(reconnect_machine* machine, int code, int status,
                                                         double jitter, double now) {
  machine->failed(static_cast<errc>(code), status, jitter, time_at(now));
}
/// The transfer buffer contains the close reason.
EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_lost(reconnect_machine* machine, int code, double jitter,
                                                       double now) {
  close_info how;
  how.code = static_cast<close_code>(code);
  how.reason = detail::take_transferred_text();
  machine->lost(how, jitter, time_at(now));
}
EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_on_timer(reconnect_machine* machine, double now) {
  machine->on_timer(time_at(now));
}
EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_close(reconnect_machine* machine) { machine->close(); }
EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_retry(reconnect_machine* machine, double now) {
  machine->retry(time_at(now));
}
/// Sets the state of the page: the bits of page_bit.
EMSCRIPTEN_KEEPALIVE void twinsocket_reconnecting_page(reconnect_machine* machine, int bits, double now) {
  machine->set_active(!detail::has_bit(bits, detail::page_bit::left), time_at(now));
  machine->set_visible(detail::has_bit(bits, detail::page_bit::visible), time_at(now));
  machine->set_online(detail::has_bit(bits, detail::page_bit::online), time_at(now));
}

}  // extern "C"
