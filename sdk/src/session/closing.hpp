#pragma once

// The closing handshake (RFC 6455 section 7): who closed, with what, and when the stream may be ended.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "twinsocket/close.hpp"
#include "twinsocket/detail/timer.hpp"

namespace twinsocket::detail {

/// Bytes of a peer that are read and dropped after the end of a conversation, so that it reads the close frame and not a
/// reset of the kernel's. More stays unread.
inline constexpr std::size_t max_dropped = 64 * 1024 * 1024;

class closing {
 public:
  enum class phase : std::uint8_t {
    open,    ///< Nobody has closed.
    sent,    ///< Our close frame is on its way; the peer's is awaited.
    done,    ///< How it ended is known; the stream itself is still to end.
    closed,  ///< The stream has ended.
  };

  explicit closing(std::chrono::milliseconds time_limit) : time_limit_(time_limit) {}

  [[nodiscard]] phase now_in() const noexcept { return phase_; }
  [[nodiscard]] bool is_open() const noexcept { return phase_ == phase::open; }
  /// True when info() is final.
  [[nodiscard]] bool settled() const noexcept { return phase_ >= phase::done; }
  [[nodiscard]] bool is_closed() const noexcept { return phase_ == phase::closed; }
  [[nodiscard]] std::chrono::milliseconds time_limit() const noexcept { return time_limit_; }
  [[nodiscard]] const close_info& info() const noexcept { return info_; }
  /// When the stream is cut if it has not ended by itself.
  [[nodiscard]] time_point due() const noexcept {
    return phase_ == phase::sent || phase_ == phase::done ? due_ : time_point::max();
  }

  /// This side closes. True when a close frame is to be sent: on the first call only.
  [[nodiscard]] bool begin(close_code code, std::string reason, time_point now) {
    if (phase_ != phase::open) return false;
    info_ = {code, std::move(reason), false, close_initiator::local};
    enter(phase::sent, now);
    return true;
  }

  /// For a close that has not begun.
  void set_time_limit(std::chrono::milliseconds time_limit) noexcept {
    if (phase_ == phase::open) time_limit_ = time_limit;
  }

  /// The peer's close frame came. True when it is to be answered with one of ours; `is_answered` says that this side's own
  /// is the answer.
  [[nodiscard]] bool peer_closed(close_code code, std::string reason, time_point now, bool is_answered = false) {
    if (settled()) return false;
    const bool answer = phase_ == phase::open;
    if (answer || is_answered) info_ = {code, std::move(reason), true, close_initiator::remote};
    info_.clean = true;
    enter(phase::done, now);
    return answer;
  }

  /// The peer broke a rule: the connection is failed (section 7.1.7). True when a close frame is to be sent.
  [[nodiscard]] bool fail(close_code code, std::string reason, time_point now) {
    if (settled()) return false;
    const bool tell = phase_ == phase::open;
    info_ = {code, std::move(reason), false, close_initiator::local};
    enter(phase::done, now);
    return tell;
  }

  /// The stream ended, broke, or was cut: without both close frames that is 1006, and nobody's reason.
  void stream_ended(close_initiator who = close_initiator::none) {
    if (!settled()) {
      if (phase_ == phase::sent) who = close_initiator::local;
      info_ = {close_code::abnormal, {}, false, who};
    }
    phase_ = phase::closed;
  }

 private:
  void enter(phase next, time_point now) {
    if (phase_ == phase::open) due_ = later(now, time_limit_);
    phase_ = next;
  }

  phase phase_ = phase::open;
  std::chrono::milliseconds time_limit_;
  time_point due_{};
  close_info info_;
};

}  // namespace twinsocket::detail
