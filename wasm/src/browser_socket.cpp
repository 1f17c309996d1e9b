#include "browser_socket.hpp"

#include <emscripten.h>

#include <algorithm>

#include "javascript.hpp"

namespace twinsocket::detail {

buffer& landing() noexcept {
  static buffer instance;
  return instance;
}

std::string take_landed_text() {
  std::string text(reinterpret_cast<const char*>(landing().data()), landing().size());
  landing().clear();
  return text;
}

std::string browser_socket::open(std::string_view url, const std::vector<std::string>& subprotocols) {
  std::string names;
  for (const std::string& name : subprotocols) names.append(name).push_back('\0');
  if (!twinsocket_js_open(number(), url.data(), url.size(), names.data(), names.size())) return {};
  std::string why = take_landed_text();
  return why.empty() ? "the platform refused" : why;
}

bool browser_socket::send(message_kind kind, std::span<const std::byte> bytes) {
  return twinsocket_js_send(number(), kind == message_kind::text, bytes.data(), bytes.size()) != 0;
}

void browser_socket::close(std::uint16_t code, std::string_view reason) {
  twinsocket_js_close(number(), code, reason.data(), reason.size());
}

void browser_socket::drop() noexcept { twinsocket_js_drop(number()); }

void browser_socket::set_alarm(std::chrono::milliseconds time) {
  twinsocket_js_alarm(number(), static_cast<double>(time.count()));
}

void browser_socket::ring_by(time_point due, time_point now, time_point& asked_for) {
  if (due >= asked_for) return;
  asked_for = due;
  set_alarm(std::max(std::chrono::ceil<std::chrono::milliseconds>(due - now), std::chrono::milliseconds(1)));
}

std::size_t browser_socket::buffered() const noexcept { return twinsocket_js_buffered(number()); }

}  // namespace twinsocket::detail

// Functions that JavaScript calls.

using namespace twinsocket;

extern "C" {

/// Commits `written` bytes to the landing, and returns the address where `more` bytes can be written.
EMSCRIPTEN_KEEPALIVE std::byte* twinsocket_land(std::size_t written, std::size_t more) {
  detail::buffer& landing = detail::landing();
  landing.commit(written);
  return landing.prepare(more);
}

/// Empties the landing after JavaScript has read it.
EMSCRIPTEN_KEEPALIVE void twinsocket_fetched() { detail::landing().reset(); }

EMSCRIPTEN_KEEPALIVE void twinsocket_opened(detail::browser_socket* socket) {
  socket->handler().opened(detail::take_landed_text());
}

EMSCRIPTEN_KEEPALIVE int twinsocket_received(detail::browser_socket* socket, int is_text, std::size_t size) {
  return socket->handler().received(is_text ? message_kind::text : message_kind::binary, size);
}

/// The landing contains the close reason, followed by the platform's error text.
EMSCRIPTEN_KEEPALIVE void twinsocket_ended(detail::browser_socket* socket, int code, std::size_t reason_size) {
  const std::string texts = detail::take_landed_text();
  const std::string_view all = texts;
  socket->handler().ended(static_cast<close_code>(code), all.substr(0, reason_size), all.substr(reason_size));
}

EMSCRIPTEN_KEEPALIVE void twinsocket_alarm(detail::browser_socket* socket) { socket->handler().alarm(); }

}  // extern "C"
