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

#include "session/closing.hpp"
#include "session/heartbeat.hpp"
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
  /// `heartbeats`: the server answers heartbeats. If false, no heartbeats are sent.
  message_session(const limits& values, const keepalive& alive, bool heartbeats, time_point now)
      : limits_(values),
        closing_(values.close_time()),
        now_(now),
        used_(now),
        heartbeat_(heartbeats ? alive : keepalive(alive).off(), now),
        heartbeats_(heartbeats),
        probes_(alive.on()) {}

  /// Sets the current time for the following calls.
  void set_time(time_point now) noexcept { now_ = now; }

  void set_limits(const limits& values) noexcept {
    limits_ = values;
    closing_.set_time_limit(values.close_time());
  }
  [[nodiscard]] const limits& limits_now() const noexcept { return limits_; }

  [[nodiscard]] bool has_heartbeats() const noexcept { return heartbeats_; }
  /// The answer to a heartbeat was received.
  void heard() noexcept { heartbeat_.heard(now_); }
  /// The page or the network has become active again, and the connection may have been lost unnoticed. Sends a heartbeat;
  /// the connection is lost if nothing arrives within 3 s. If the server does not answer heartbeats, this deadline applies
  /// only if the connection can be `replaced`. Does nothing if keepalive is off.
  void probe(bool replaced) noexcept;

  /// A message was received. Returns true if it is to be delivered. Returns false if it is to be dropped: it is too large or
  /// the receive queue is full, both of which fail the connection, or the session has already ended.
  [[nodiscard]] bool received(std::size_t size);
  /// A message has left the receive queue.
  void taken(std::size_t size) noexcept { inbound_ -= cost(size); }

  /// Checks whether the send queue, which has `buffered` bytes, has room for a message. Otherwise returns errc::closed,
  /// errc::message_too_big or errc::queue_full.
  [[nodiscard]] errc may_send(std::size_t size, std::size_t buffered) const noexcept;
  /// A message was passed to the socket.
  void sent() noexcept { used_ = now_; }
  /// True if the buffer of the socket is above the high-water mark. It always contains the messages of the current turn.
  [[nodiscard]] static constexpr bool congested(std::size_t buffered) noexcept { return buffered > 256 * kib; }

  /// Starts the closing handshake, unless it has already started. Messages are delivered until the peer's close frame.
  void close(close_code code, std::string_view reason);
  void abort();
  /// Handles the timers that have expired.
  void on_time();
  /// The time at which on_time() is to be called.
  [[nodiscard]] time_point due() const noexcept;
  /// The socket has ended. The arguments are those of the close event.
  void socket_ended(close_code code, std::string_view reason);

  /// True once when the socket is to be closed with the code and the reason of info().
  [[nodiscard]] bool wants_close() noexcept { return std::exchange(tell_close_, false) && !closing_.is_closed(); }
  /// True once when a heartbeat is to be sent.
  [[nodiscard]] bool wants_heartbeat() noexcept { return std::exchange(tell_heartbeat_, false) && closing_.is_open(); }
  [[nodiscard]] bool is_open() const noexcept { return closing_.is_open(); }
  /// True if info() is final and no further message will be received. Queued messages remain.
  [[nodiscard]] bool settled() const noexcept { return closing_.settled(); }
  /// True if the socket has ended or is to be dropped.
  [[nodiscard]] bool is_over() const noexcept { return closing_.is_closed(); }
  [[nodiscard]] const close_info& info() const noexcept { return closing_.info(); }
  /// True if this endpoint failed the connection because of a limit.
  [[nodiscard]] bool gave_up() const noexcept { return gave_up_; }
  /// The error of receive() after the queued messages.
  [[nodiscard]] error failure() const;

 private:
  // 64 bytes of overhead, because an empty message occupies memory too.
  static constexpr std::size_t cost(std::size_t size) noexcept { return size + 64; }
  void fail(close_code code, const std::string& reason, errc why);
  void give_up();

  limits limits_;
  closing closing_;
  time_point now_;
  time_point used_;  // Time of the last message in either direction.
  heartbeat heartbeat_;
  bool heartbeats_;
  bool probes_;  // True if keepalive is on.
  std::size_t inbound_ = 0;
  bool tell_close_ = false;
  bool tell_heartbeat_ = false;
  bool gave_up_ = false;
  std::optional<error> failure_;
};

}  // namespace twinsocket::detail
