#pragma once

// The border to JavaScript. What C++ calls there is in js/sockets.js, by way of js/library_twinsocket.js in a program
// of Emscripten's and of js/engine.ts in the npm package. Addresses and sizes are 32 bits; no 64-bit integer crosses.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "twinsocket/detail/buffer.hpp"
#include "twinsocket/detail/timer.hpp"

namespace twinsocket::detail {

/// Where JavaScript writes what it hands over, and fetches what it is handed. Whoever is called takes it and leaves it
/// empty.
[[nodiscard]] buffer& landing() noexcept;
/// Takes the text out of the landing.
[[nodiscard]] std::string take_landed_text();

/// An absolute address in its normal form by the platform's URL, a relative one taken against the page's base; "" where it
/// is none. Takes UTF-8.
[[nodiscard]] std::string resolve_address(std::string_view text);

}  // namespace twinsocket::detail

extern "C" {
/// Milliseconds of a clock that never goes back.
double twinsocket_js_now();
/// Sends a heartbeat: the text U+0000.
void twinsocket_js_beat(void* socket);

/// Puts the normal form of an address into the landing, and returns 1, or 0 where it is none.
int twinsocket_js_resolve(const char* text, std::size_t size);

/// Begins to connect; `names` are subprotocols with a NUL after each. Returns 0, or 1 when it cannot even begin: why is
/// in the landing then.
int twinsocket_js_open(void* socket, const char* url, std::size_t url_size, const char* names, std::size_t names_size);
/// Sends a message; 0 when a text is not UTF-8, which sends nothing.
int twinsocket_js_send(void* socket, int is_text, const std::byte* data, std::size_t size);
void twinsocket_js_close(void* socket, int code, const char* reason, std::size_t size);
void twinsocket_js_drop(void* socket);
/// Rings in so many milliseconds; 0 never.
void twinsocket_js_alarm(void* socket, double milliseconds);
std::size_t twinsocket_js_buffered(void* socket);

/// Calls twinsocket_page() from now on when the page has changed, and returns the bits as they are now: 1 for a network,
/// 2 for a page that somebody looks at, 4 for one that was left.
int twinsocket_js_watch_page();
/// Calls twinsocket_turn() when this call from JavaScript has ended.
void twinsocket_js_wake();
/// Calls twinsocket_turn() in so many milliseconds, instead of when it was asked for before; below zero never.
void twinsocket_js_wake_in(double milliseconds);
}

namespace twinsocket::detail {

/// What time it is: JavaScript's performance.now().
[[nodiscard]] inline time_point platform_clock() noexcept {
  using milliseconds = std::chrono::duration<double, std::milli>;
  return time_point(std::chrono::duration_cast<time_point::duration>(milliseconds(twinsocket_js_now())));
}

/// A duration as JavaScript gives it. What is longer than all that can be counted, and Infinity, is
/// milliseconds::max(), which is no limit; what is not a number or less than nothing is 0.
[[nodiscard]] inline std::chrono::milliseconds whole_milliseconds(double time) noexcept {
  if (!(time > 0)) return std::chrono::milliseconds(0);
  // The largest number that is a double too is 2^63 - 1024.
  return time < 0x1p63 ? std::chrono::milliseconds(static_cast<std::int64_t>(time)) : std::chrono::milliseconds::max();
}

}  // namespace twinsocket::detail
