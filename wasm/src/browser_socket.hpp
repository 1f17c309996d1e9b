#pragma once

// A WebSocket of the platform. JavaScript identifies it by the address of this object.

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twinsocket/close.hpp"
#include "twinsocket/detail/timer.hpp"
#include "twinsocket/message.hpp"

namespace twinsocket::detail {

/// Handler of socket events. `now` is the time of the event. It may destroy the socket in any of these functions.
class socket_handler {
 public:
  virtual void opened(std::string_view subprotocol, time_point now) = 0;
  /// A message was received. Its payload is in the transfer buffer, unless payloads stay in JavaScript. Returns true if JavaScript
  /// is to deliver it.
  virtual bool received(message_kind kind, std::size_t size, time_point now) = 0;
  /// The last event. `why` is the platform's error text, which is empty in browsers.
  virtual void ended(close_code code, std::string_view reason, std::string_view why, time_point now) = 0;
  virtual void on_socket_timer(time_point now) = 0;

 protected:
  ~socket_handler() = default;
};

class browser_socket {
 public:
  explicit browser_socket(socket_handler& handler) noexcept : handler_(&handler) {}
  browser_socket(const browser_socket&) = delete;
  browser_socket& operator=(const browser_socket&) = delete;
  ~browser_socket() { drop(); }

  [[nodiscard]] socket_handler& handler() const noexcept { return *handler_; }
  /// Replaces the handler.
  void handler(socket_handler& next) noexcept { handler_ = &next; }

  /// Starts connecting. Returns "", or an error text if the platform refused at once.
  [[nodiscard]] std::string open(std::string_view url, const std::vector<std::string>& subprotocols);
  /// Sends a message. Returns false if a text is not valid UTF-8.
  [[nodiscard]] bool send(message_kind kind, std::span<const std::byte> bytes);
  void close(std::uint16_t code, std::string_view reason);
  /// Drops the connection. No event follows.
  void drop() noexcept;
  /// Sets the timer of the socket, which calls alarm(). Zero stops it.
  void set_timer(std::chrono::milliseconds time);
  /// Sets the timer for `due`, unless it expires earlier according to `current_expiry`.
  void arm_timer(time_point due, time_point now, time_point& current_expiry);
  [[nodiscard]] std::size_t buffered() const noexcept;

 private:
  [[nodiscard]] void* id() const noexcept { return const_cast<browser_socket*>(this); }

  socket_handler* handler_;
};

}  // namespace twinsocket::detail
