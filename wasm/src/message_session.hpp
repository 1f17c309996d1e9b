#pragma once

// A conversation over a WebSocket that is not ours, such as a browser's: that one frames, masks and answers pings, and
// brings whole messages. What is left is how much may wait on either side, and how it ends. No I/O and no payloads:
// sizes and events go in, and whoever holds the messages keeps them.

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

/// The code that goes on the wire for a close code. A browser lets a page send 1000 and 3000 to 4999 only, so the
/// others move up by 3000: 1001 to 1014 become 4001 to 4014.
[[nodiscard]] constexpr std::uint16_t code_for_browser(close_code code) noexcept {
  const auto number = static_cast<std::uint16_t>(code);
  return number == 1000 || number >= 3000 ? number : static_cast<std::uint16_t>(number + 3000);
}

class message_session {
 public:
  /// `heartbeats` says that the server answers them; without it keepalive has nothing to do.
  message_session(const limits& values, const keepalive& alive, bool heartbeats, time_point now)
      : limits_(values),
        closing_(values.close_time()),
        now_(now),
        used_(now),
        heartbeat_(heartbeats ? alive : keepalive(alive).off(), now),
        heartbeats_(heartbeats),
        probes_(alive.on()) {}

  /// What time it is, for whatever is called next.
  void set_time(time_point now) noexcept { now_ = now; }

  void set_limits(const limits& values) noexcept {
    limits_ = values;
    closing_.set_time_limit(values.close_time());
  }
  [[nodiscard]] const limits& limits_now() const noexcept { return limits_; }

  [[nodiscard]] bool has_heartbeats() const noexcept { return heartbeats_; }
  /// The answer to a heartbeat came.
  void heard() noexcept { heartbeat_.heard(now_); }
  /// The page or the network has just come back, and the connection may be lost without anybody having been told: the
  /// server has to answer a heartbeat within 3 s. One that answers none has to send anything in that time where the
  /// connection can be `replaced`; otherwise nothing can be known. Nothing happens where keepalive is off.
  void probe(bool replaced) noexcept;

  /// A message came. True when it is to be delivered; false drops it: it is too large, or more than the bound waits
  /// already, and either ends the conversation; or that has ended before.
  [[nodiscard]] bool received(std::size_t size);
  /// A message that was to be delivered has been.
  void taken(std::size_t size) noexcept { inbound_ -= cost(size); }

  /// Whether there is room for a message behind `buffered` bytes: else closed, message_too_big or queue_full.
  [[nodiscard]] errc may_send(std::size_t size, std::size_t buffered) const noexcept;
  /// A message was handed to the socket.
  void sent() noexcept { used_ = now_; }
  /// True when a socket holds so much that the network is behind. It always holds what this turn has sent.
  [[nodiscard]] static constexpr bool congested(std::size_t buffered) noexcept { return buffered > 256 * kib; }

  /// Begins the closing handshake; nothing when it has begun already. What comes until the peer's answer is delivered.
  void close(close_code code, std::string_view reason);
  void abort();
  /// Does what is due by now.
  void on_time();
  /// When on_time() has something to do.
  [[nodiscard]] time_point due() const noexcept;
  /// The socket has ended, with what its close event says.
  void socket_ended(close_code code, std::string_view reason);

  /// True once: the socket is to be told to close with the code and the reason of info().
  [[nodiscard]] bool wants_close() noexcept { return std::exchange(tell_close_, false) && !closing_.is_closed(); }
  /// True once: a heartbeat is to be sent.
  [[nodiscard]] bool wants_heartbeat() noexcept { return std::exchange(tell_heartbeat_, false) && closing_.is_open(); }
  [[nodiscard]] bool is_open() const noexcept { return closing_.is_open(); }
  /// True when info() is final and no message will come any more but those that wait.
  [[nodiscard]] bool settled() const noexcept { return closing_.settled(); }
  /// True when the socket has ended or is to be dropped.
  [[nodiscard]] bool is_over() const noexcept { return closing_.is_closed(); }
  [[nodiscard]] const close_info& info() const noexcept { return closing_.info(); }
  /// True when it was this side that could not go on, for a limit's sake.
  [[nodiscard]] bool gave_up() const noexcept { return gave_up_; }
  /// Why a receive fails once the messages have run out.
  [[nodiscard]] error failure() const;

 private:
  // An empty message occupies memory too.
  static constexpr std::size_t cost(std::size_t size) noexcept { return size + 64; }
  void fail(close_code code, const std::string& reason, errc why);
  void give_up();

  limits limits_;
  closing closing_;
  time_point now_;
  time_point used_;  // When the last message came or went.
  heartbeat heartbeat_;
  bool heartbeats_;
  bool probes_;  // Keepalive is on.
  std::size_t inbound_ = 0;
  bool tell_close_ = false;
  bool tell_heartbeat_ = false;
  bool gave_up_ = false;
  std::optional<error> failure_;
};

}  // namespace twinsocket::detail
