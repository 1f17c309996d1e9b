#pragma once

// Interface to JavaScript. The functions that C++ calls are implemented in js/sockets.js, through js/library_twinsocket.js
// in an Emscripten program and through js/engine.ts in the npm package. Pointers and sizes have 32 bits. No function has a
// 64-bit integer as parameter or result.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "transfer_buffer.hpp"
#include "twinsocket/detail/timer.hpp"

namespace twinsocket::detail {

/// Normalizes a URL with the platform's URL parser. A relative URL is resolved against the page's base URL. Returns "" for
/// an invalid URL. `text` must be UTF-8.
[[nodiscard]] std::string normalize_url(std::string_view text);

}  // namespace twinsocket::detail

extern "C" {
/// Milliseconds of a monotonic clock, for a C++ program, which may ask for the time at any moment. The npm package does not
/// have it: there JavaScript passes the time with each event.
double twinsocket_js_now();
/// Sends a heartbeat: the text U+0000.
void twinsocket_js_send_heartbeat(void* socket);

/// Writes the normalized URL to the transfer buffer and returns 1. Returns 0 for an invalid URL.
int twinsocket_js_normalize_url(const char* text, std::size_t size);

/// Starts connecting. `names` are the subprotocols with a NUL after each. Returns 0, or 1 if the platform refused at once,
/// with its error text in the transfer buffer.
int twinsocket_js_open(void* socket, const char* url, std::size_t url_size, const char* names, std::size_t names_size);
/// Sends a message and returns 1. Returns 0 and sends nothing if a text is not valid UTF-8.
int twinsocket_js_send(void* socket, int is_text, const std::byte* data, std::size_t size);
void twinsocket_js_close(void* socket, int code, const char* reason, std::size_t size);
void twinsocket_js_drop(void* socket);
/// Sets the timer of a socket, in milliseconds. 0 stops it.
void twinsocket_js_set_timer(void* socket, double milliseconds);
std::size_t twinsocket_js_buffered(void* socket);

/// Subscribes to changes of the page, for which twinsocket_page_changed() is called, and returns its current state. Bits: 1 online,
/// 2 visible, 4 the page was left.
int twinsocket_js_watch_page();
/// Calls twinsocket_turn() after the current call from JavaScript has returned.
void twinsocket_js_wake();
/// Sets the timer that calls twinsocket_turn(), in milliseconds, and replaces the previous one. A negative time stops it.
void twinsocket_js_set_wake_timer(double milliseconds);
}

namespace twinsocket::detail {

/// Converts a time of JavaScript's performance.now().
[[nodiscard]] inline time_point time_at(double now) noexcept {
  using milliseconds = std::chrono::duration<double, std::milli>;
  return time_point(std::chrono::duration_cast<time_point::duration>(milliseconds(now)));
}

}  // namespace twinsocket::detail
