#include "browser_socket.hpp"

#include <emscripten.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "javascript.hpp"

namespace twinsocket::detail {

std::string browser_socket::open(std::string_view url, const std::vector<std::string>& subprotocols) {
  std::string names;
  for (const std::string& name : subprotocols) names.append(name).push_back('\0');
  if (!twinsocket_js_open(id(), url.data(), url.size(), names.data(), names.size())) return {};
  std::string why = take_transferred_text();
  return why.empty() ? "the platform refused" : why;
}

bool browser_socket::send(message_kind kind, std::span<const std::byte> bytes) {
  return twinsocket_js_send(id(), kind == message_kind::text, bytes.data(), bytes.size()) != 0;
}

void browser_socket::close(std::uint16_t code, std::string_view reason) {
  twinsocket_js_close(id(), code, reason.data(), reason.size());
}

void browser_socket::drop() noexcept { twinsocket_js_drop(id()); }

void browser_socket::set_timer(std::chrono::milliseconds time) {
  twinsocket_js_set_timer(id(), static_cast<double>(time.count()));
}

void browser_socket::arm_timer(time_point due, time_point now, time_point& current_expiry) {
  if (due >= current_expiry) return;
  current_expiry = due;
  // In floating point, because a platform without WebAssembly has no division of 64-bit integers.
  const std::chrono::duration<double, std::milli> left = due - now;
  twinsocket_js_set_timer(id(), std::max(std::ceil(left.count()), 1.0));
}

std::size_t browser_socket::buffered() const noexcept { return twinsocket_js_buffered(id()); }

}  // namespace twinsocket::detail

// Functions that JavaScript calls. `now` is the time of performance.now().

using namespace twinsocket;

extern "C" {

EMSCRIPTEN_KEEPALIVE void twinsocket_opened(detail::browser_socket* socket, double now) {
  socket->handler().opened(detail::take_transferred_text(), detail::time_at(now));
}

EMSCRIPTEN_KEEPALIVE int twinsocket_received(detail::browser_socket* socket, int is_text, std::size_t size,
                                             double now) {
  return socket->handler().received(is_text ? message_kind::text : message_kind::binary, size, detail::time_at(now));
}

/// The transfer buffer contains the close reason, followed by the platform's error text.
EMSCRIPTEN_KEEPALIVE void twinsocket_ended(detail::browser_socket* socket, int code, std::size_t reason_size,
                                           double now) {
  const std::string texts = detail::take_transferred_text();
  const std::string_view all = texts;
  socket->handler().ended(static_cast<close_code>(code), all.substr(0, reason_size), all.substr(reason_size),
                          detail::time_at(now));
}

EMSCRIPTEN_KEEPALIVE void twinsocket_socket_timer(detail::browser_socket* socket, double now) {
  socket->handler().on_socket_timer(detail::time_at(now));
}

}  // extern "C"
