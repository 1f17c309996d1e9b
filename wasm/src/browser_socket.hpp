#pragma once

// One WebSocket of the platform's. Its address is its number in JavaScript.

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

/// Who listens to a socket. The handler may destroy the socket in any of these.
class socket_handler {
 public:
  virtual void opened(std::string_view subprotocol) = 0;
  /// A message came. Its bytes are in the landing, unless the holder of the payloads is JavaScript. The result goes
  /// back to JavaScript: true when it is to be delivered.
  virtual bool received(message_kind kind, std::size_t size) = 0;
  /// The last event. `why` is what the platform says of a failure: mostly nothing.
  virtual void ended(close_code code, std::string_view reason, std::string_view why) = 0;
  virtual void alarm() = 0;

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
  /// Hands the socket over to another listener.
  void handler(socket_handler& next) noexcept { handler_ = &next; }

  /// Begins to connect; the text is why it cannot even begin, or "".
  [[nodiscard]] std::string open(std::string_view url, const std::vector<std::string>& subprotocols);
  /// False when a text is not UTF-8.
  [[nodiscard]] bool send(message_kind kind, std::span<const std::byte> bytes);
  void close(std::uint16_t code, std::string_view reason);
  /// No event comes after this.
  void drop() noexcept;
  /// One alarm per socket; zero turns it off.
  void set_alarm(std::chrono::milliseconds time);
  /// Sets the alarm for `due`, unless `asked_for` says that it rings before that.
  void ring_by(time_point due, time_point now, time_point& asked_for);
  [[nodiscard]] std::size_t buffered() const noexcept;

 private:
  [[nodiscard]] void* number() const noexcept { return const_cast<browser_socket*>(this); }

  socket_handler* handler_;
};

}  // namespace twinsocket::detail
