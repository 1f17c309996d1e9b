#pragma once

// A WebSocket session on top of a WebSocket of the platform, such as a browser's. The platform does framing, masking and
// pongs, and delivers whole messages. This class applies the limits of both queues and runs the closing handshake and the
// heartbeats. It does no I/O and has no payloads: it gets sizes and events.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "session/closing_handshake.hpp"
#include "session/keepalive_timer.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/keepalive.hpp"
#include "twinsocket/limits.hpp"

namespace twinsocket::detail {

/// Returns the close code to send. A browser allows only 1000 and 3000 to 4999, so the others are shifted by 3000: 1001 to
/// 1014 become 4001 to 4014.
[[nodiscard]] constexpr std::uint16_t code_for_browser(close_code code) noexcept {
  const auto number = static_cast<std::uint16_t>(code);
  return number == 1000 || number >= 3000 ? number : static_cast<std::uint16_t>(number + 3000);
}

class message_session {
 public:
  /// Bytes that a message in the receive queue counts in addition to its payload, because an empty one occupies memory too.
  static constexpr std::size_t message_overhead = 64;

  /// `heartbeats`: the server answers heartbeats. If false, no heartbeats are sent.
  message_session(const limits& values, const keepalive& alive, bool heartbeats, time_point now)
      : limits_(values),
        now_(now),
        last_message_time_(now),
        keepalive_timer_(heartbeats ? alive : keepalive(alive).off(), now),
        heartbeats_(heartbeats),
        keepalive_enabled_(alive.on()) {}

  /// Sets the current time for the following calls.
  void set_time(time_point now) noexcept { now_ = now; }
  [[nodiscard]] time_point time() const noexcept { return now_; }

  void set_limits(const limits& values) noexcept { limits_ = values; }
  [[nodiscard]] const limits& current_limits() const noexcept { return limits_; }

  [[nodiscard]] bool has_heartbeats() const noexcept { return heartbeats_; }
  /// The answer to a heartbeat was received.
  void on_input() noexcept { keepalive_timer_.on_input(now_); }
  /// The page or the network has become active again, and the connection may have been lost unnoticed. Sends a heartbeat;
  /// the connection is lost if nothing arrives within 3 s. If the server does not answer heartbeats, this deadline applies
  /// only if the connection can be `replaced`. Does nothing if keepalive is off.
  void probe(bool can_reconnect) noexcept;

  /// A message was received. Returns true if it is to be delivered. Returns false if it is to be dropped: it is too large or
  /// the receive queue is full, both of which fail the connection, or the session has already ended.
  [[nodiscard]] bool received(std::size_t size);
  /// A message has left the receive queue.
  void message_delivered(std::size_t size) noexcept { inbound_ -= cost(size); }

  /// Checks whether the send queue, which has `buffered` bytes, has room for a message. Otherwise returns errc::closed,
  /// errc::message_too_big or errc::queue_full.
  [[nodiscard]] errc may_send(std::size_t size, std::size_t buffered) const noexcept;
  /// A message was passed to the socket.
  void sent() noexcept { last_message_time_ = now_; }
  /// True if the buffer of the socket is above the high-water mark. It always contains the messages of the current turn.
  [[nodiscard]] static constexpr bool congested(std::size_t buffered) noexcept { return buffered > 256 * kib; }

  /// Starts the closing handshake, unless it has already started. Messages are delivered until the peer's close frame.
  void close(close_code code, std::string_view reason);
  void abort();
  /// Handles the timers that have expired.
  void on_timer();
  /// The time at which on_timer() is to be called.
  [[nodiscard]] time_point due() const noexcept;
  /// The socket has ended. The arguments are those of the close event.
  void socket_ended(close_code code, std::string_view reason);

  /// True once when the socket is to be closed with the code and the reason of info().
  [[nodiscard]] bool take_close_request() noexcept {
    return std::exchange(close_requested_, false) && !closing_.is_closed();
  }
  /// True once when a heartbeat is to be sent.
  [[nodiscard]] bool take_heartbeat_request() noexcept {
    return std::exchange(heartbeat_requested_, false) && closing_.is_open();
  }
  [[nodiscard]] bool is_open() const noexcept { return closing_.is_open(); }
  /// True if info() is final and no further message will be received. Queued messages remain.
  [[nodiscard]] bool settled() const noexcept { return closing_.settled(); }
  /// True if the socket has ended or is to be dropped.
  [[nodiscard]] bool has_ended() const noexcept { return closing_.is_closed(); }
  [[nodiscard]] const close_info& info() const noexcept { return closing_.info(); }
  /// True if this endpoint failed the connection because of a limit.
  [[nodiscard]] bool failed_locally() const noexcept { return failed_locally_; }
  /// The error of receive() after the queued messages.
  [[nodiscard]] error failure() const;

 private:
  static constexpr std::size_t cost(std::size_t size) noexcept { return size + message_overhead; }
  [[nodiscard]] time_point closing_due() const noexcept { return add_saturating(now_, limits_.close_timeout()); }
  void fail(close_code code, const std::string& reason, errc why);
  void close_timed_out();

  limits limits_;
  closing_handshake closing_;
  time_point now_;
  time_point last_message_time_;  // Time of the last message in either direction.
  keepalive_timer keepalive_timer_;
  bool heartbeats_;
  bool keepalive_enabled_;  // True if keepalive is on.
  std::size_t inbound_ = 0;
  bool close_requested_ = false;
  bool heartbeat_requested_ = false;
  bool failed_locally_ = false;
  std::optional<error> failure_;
};

}  // namespace twinsocket::detail
