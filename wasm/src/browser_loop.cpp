#include "browser_loop.hpp"

#include <emscripten.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "abi_types.hpp"
#include "javascript.hpp"
#include "twinsocket/browser/spawn.hpp"

extern "C" EMSCRIPTEN_KEEPALIVE void twinsocket_turn() { twinsocket::detail::browser_loop::get().turn_now(); }

/// `bits` are those of page_bit.
extern "C" EMSCRIPTEN_KEEPALIVE void twinsocket_page_changed(int bits) {
  twinsocket::detail::browser_loop::get().page_changed(bits);
}

namespace twinsocket {

namespace detail {

namespace {

environment environment_from_bits(int bits) {
  return {.online = has_bit(bits, page_bit::online),
          .visible = has_bit(bits, page_bit::visible),
          .active = !has_bit(bits, page_bit::left),
          .resumed = has_bit(bits, page_bit::resumed)};
}

}  // namespace

browser_loop& browser_loop::get() {
  static browser_loop instance;
  return instance;
}

time_point browser_loop::clock() noexcept { return time_at(twinsocket_js_now()); }

void browser_loop::turn_now() {
  const time_point now = clock();
  if (timer_expiry_ <= now) timer_expiry_ = time_point::max();
  run_due(now);
  // A JavaScript timer may expire slightly early, and is limited to 24 days.
  if (timer_expiry_ != time_point::max()) wake_at(timer_expiry_);
}

void browser_loop::wake() { twinsocket_js_wake(); }

void browser_loop::wake_at(time_point when) {
  timer_expiry_ = when;
  if (when == time_point::max()) {
    twinsocket_js_set_wake_timer(-1);
    return;
  }
  const std::chrono::duration<double, std::milli> left = when - clock();
  twinsocket_js_set_wake_timer(std::max(0.0, std::ceil(left.count())));
}

environment browser_loop::watch() { return environment_from_bits(twinsocket_js_watch_page()); }

void browser_loop::page_changed(int bits) {
  const turn this_turn(*this, clock());
  environment_changed(environment_from_bits(bits));
}

}  // namespace detail

namespace browser {

void spawn(task<void> work) {
  const detail::browser_turn turn;
  twinsocket::spawn(std::move(work));
}

}  // namespace browser

}  // namespace twinsocket
