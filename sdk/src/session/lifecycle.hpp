#pragma once

// The life of a session, apart from its messages: pings, the timeouts of a silent or idle peer, the closing handshake,
// and why it ended.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <utility>

#include "protocol/frame.hpp"
#include "protocol/shared_limits.hpp"
#include "session/closing_handshake.hpp"
#include "session/keepalive_timer.hpp"
#include "twinsocket/detail/timer.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

/// The payload of a ping: its number, by which its pong is recognized, followed by the sender's payload.
class ping_payload {
 public:
  /// The maximum size of the sender's payload.
  static constexpr std::size_t max_size = max_control_payload - sizeof(std::uint64_t);

  ping_payload(std::uint64_t number, std::span<const std::byte> more) noexcept : size_(sizeof number + more.size()) {
    std::memcpy(bytes_.data(), &number, sizeof number);
    if (!more.empty()) std::memcpy(bytes_.data() + sizeof number, more.data(), more.size());
  }
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return std::span(bytes_).first(size_); }
  /// The number in a pong; 0 if there is none.
  [[nodiscard]] static std::uint64_t number_of(std::span<const std::byte> pong) noexcept {
    std::uint64_t number = 0;
    if (pong.size() >= sizeof number) std::memcpy(&number, pong.data(), sizeof number);
    return number;
  }

 private:
  std::array<std::byte, max_control_payload> bytes_;
  std::size_t size_;
};

class lifecycle {
 public:
  lifecycle(const shared_limits& values, const keepalive& pings, time_point now) noexcept
      : keepalive_(pings, now), limits_(values) {}

  [[nodiscard]] const closing_handshake& closing() const noexcept { return closing_; }
  [[nodiscard]] bool is_open() const noexcept { return closing_.is_open(); }
  [[nodiscard]] bool settled() const noexcept { return closing_.settled(); }

  /// Bytes of the peer arrived. After the closing handshake they count against max_dropped.
  void on_input(std::size_t count, time_point now) noexcept {
    keepalive_.on_input(now);
    if (settled()) dropped_ = static_cast<std::uint32_t>(std::min(dropped_ + count, max_dropped));
  }
  /// False once nothing more is expected of the peer.
  [[nodiscard]] bool wants_input() const noexcept { return !stream_ended_ && dropped_ < max_dropped; }

  // Pings.
  [[nodiscard]] std::uint64_t last_ping() const noexcept { return last_ping_; }
  [[nodiscard]] std::uint64_t answered_ping() const noexcept { return answered_ping_; }
  /// True if a ping was answered since the last call.
  [[nodiscard]] bool take_answer() noexcept { return std::exchange(has_new_answer_, false); }
  [[nodiscard]] std::chrono::nanoseconds round_trip() const noexcept { return round_trip_; }
  /// The number of the ping that is sent now.
  [[nodiscard]] std::uint64_t begin_ping(time_point now) noexcept {
    last_ping_time_ = now;
    return ++last_ping_;
  }
  /// A pong with this number arrived. The answer to a later ping also answers earlier ones (RFC 6455 section 5.5.3).
  /// Returns false if it answers none, for example because it is unsolicited.
  [[nodiscard]] bool on_pong(std::uint64_t number, time_point now) noexcept {
    if (number <= answered_ping_ || number > last_ping_) return false;
    answered_ping_ = number;
    has_new_answer_ = true;
    if (number == last_ping_) round_trip_ = now - last_ping_time_;
    return true;
  }
  /// See wire_session::probe(). True if a ping has to be sent.
  [[nodiscard]] bool probe(time_point now) noexcept {
    if (!keepalive_.on() || !is_open()) return false;
    keepalive_.probe(now);
    return true;
  }
  /// While this side does not read it cannot hear the peer, so the peer's silence does not count.
  [[nodiscard]] keepalive_timer::action on_timer(bool reading, time_point now) noexcept {
    if (!reading) keepalive_.on_input(now);
    return keepalive_.on_timer(now);
  }

  /// True if due() may have become earlier. Otherwise input and messages only make it later.
  [[nodiscard]] bool has_new_deadline() const noexcept { return !is_open() || keepalive_.is_waiting(); }
  /// When on_timer() has to be called next, or the session is idle. `last_message` is the time of the last one.
  [[nodiscard]] time_point due(time_point last_message) const noexcept {
    return std::min(keepalive_.due(), idle_due(last_message));
  }
  [[nodiscard]] time_point idle_due(time_point last_message) const noexcept {
    return add_saturating(last_message, limits_->idle_timeout());
  }
  /// True if the closing handshake took too long. The stream has to end.
  [[nodiscard]] bool closing_expired(time_point now);

  // The end. These return true if a close frame has to be sent.
  [[nodiscard]] bool begin_close(close_code code, std::string reason, time_point now) {
    return closing_.begin(code, std::move(reason), closing_due(now));
  }
  [[nodiscard]] bool peer_closed(close_code code, std::string reason, time_point now, bool is_answered) {
    return closing_.peer_closed(code, std::move(reason), closing_due(now), is_answered);
  }
  /// The connection fails, with an error for the application. Only before it is settled.
  [[nodiscard]] bool fail(close_code code, std::string reason, errc why, time_point now) {
    failure_ = error(why, reason);
    return closing_.fail(code, std::move(reason), closing_due(now));
  }

  /// The stream failed; stream_ended() follows.
  void stream_failed(error why) {
    if (!settled()) failure_ = std::move(why);
  }
  /// The peer's direction has ended. `unwritten`: output is left. An answer to the peer's close frame is still written,
  /// because the peer may read it.
  void stream_ended(bool unwritten) {
    stream_ended_ = true;
    if (!settled() || !unwritten) closing_.stream_ended();
  }
  /// All output is written.
  void on_drained() {
    if (stream_ended_) closing_.stream_ended();
  }
  void abort() {
    stream_ended_ = true;
    closing_.stream_ended(close_initiator::local);
  }

  /// The error of a receive.
  [[nodiscard]] error failure() const;

  /// Takes effect only before the closing handshake begins.
  void set_limits(const shared_limits& values) noexcept {
    if (is_open()) limits_ = values;
  }

 private:
  [[nodiscard]] time_point closing_due(time_point now) const noexcept {
    return add_saturating(now, limits_->close_timeout());
  }

  // Every message uses the beginning, up to that of keepalive_.
  [[no_unique_address]] closing_handshake closing_;
  bool stream_ended_ = false;  // In the padding of the closing handshake, as the next two.
  bool has_new_answer_ = false;
  std::uint32_t dropped_ = 0;  // Bytes that arrived after the closing handshake, up to max_dropped.
  keepalive_timer keepalive_;
  shared_limits limits_;
  std::uint64_t last_ping_ = 0;
  std::uint64_t answered_ping_ = 0;
  time_point last_ping_time_{};
  std::chrono::nanoseconds round_trip_{0};
  error failure_;  // errc::ok if closing_.info() describes the failure.
};

}  // namespace twinsocket::detail
