#pragma once

// The closing handshake (RFC 6455 section 7): which side closed, code and reason, and when the stream may be ended.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "twinsocket/close.hpp"
#include "twinsocket/detail/timer.hpp"

namespace twinsocket::detail {

/// After the closing handshake this many bytes of the peer are read and dropped, so that the peer reads the close frame
/// and not a connection reset of the kernel. Further bytes stay unread.
inline constexpr std::size_t max_dropped = 64 * 1024 * 1024;

class closing_handshake {
 public:
  enum class phase : std::uint8_t {
    open,    ///< No side has closed.
    sent,    ///< This side has sent a close frame and waits for the peer's.
    done,    ///< The outcome is known; the stream itself has not ended yet.
    closed,  ///< The stream has ended.
  };

  explicit closing_handshake(std::chrono::milliseconds timeout) : timeout_(timeout) {}

  [[nodiscard]] phase current_phase() const noexcept { return phase_; }
  [[nodiscard]] bool is_open() const noexcept { return phase_ == phase::open; }
  /// True when info() is final.
  [[nodiscard]] bool settled() const noexcept { return phase_ >= phase::done; }
  [[nodiscard]] bool is_closed() const noexcept { return phase_ == phase::closed; }
  [[nodiscard]] std::chrono::milliseconds timeout() const noexcept { return timeout_; }
  [[nodiscard]] const close_info& info() const noexcept { return info_; }
  /// When the stream is closed if it has not ended by then.
  [[nodiscard]] time_point due() const noexcept {
    return phase_ == phase::sent || phase_ == phase::done ? due_ : time_point::max();
  }

  /// This side closes. True if a close frame has to be sent, which is the case on the first call only.
  [[nodiscard]] bool begin(close_code code, std::string reason, time_point now) {
    if (phase_ != phase::open) return false;
    info_ = {code, std::move(reason), false, close_initiator::local};
    enter(phase::sent, now);
    return true;
  }

  /// Takes effect only before the closing handshake begins.
  void set_time_limit(std::chrono::milliseconds timeout) noexcept {
    if (phase_ == phase::open) timeout_ = timeout;
  }

  /// The peer's close frame was received. True if it has to be answered with a close frame. `is_answered` means that the
  /// close frame that this side has sent is the answer.
  [[nodiscard]] bool peer_closed(close_code code, std::string reason, time_point now, bool is_answered = false) {
    if (settled()) return false;
    const bool answer = phase_ == phase::open;
    if (answer || is_answered) info_ = {code, std::move(reason), true, close_initiator::remote};
    info_.clean = true;
    enter(phase::done, now);
    return answer;
  }

  /// The peer violated the protocol: the connection fails (section 7.1.7). True if a close frame has to be sent. If this
  /// side has already sent one, info() keeps its code and reason, which are what the peer was told.
  [[nodiscard]] bool fail(close_code code, std::string reason, time_point now) {
    if (settled()) return false;
    const bool tell = phase_ == phase::open;
    if (tell) info_ = {code, std::move(reason), false, close_initiator::local};
    enter(phase::done, now);
    return tell;
  }

  /// The stream ended, failed or was aborted. Without both close frames the close code is 1006 and the reason is empty.
  void stream_ended(close_initiator who = close_initiator::none) {
    if (!settled()) {
      if (phase_ == phase::sent) who = close_initiator::local;
      info_ = {close_code::abnormal, {}, false, who};
    }
    phase_ = phase::closed;
  }

 private:
  void enter(phase next, time_point now) {
    if (phase_ == phase::open) due_ = add_saturating(now, timeout_);
    phase_ = next;
  }

  phase phase_ = phase::open;
  std::chrono::milliseconds timeout_;
  time_point due_{};
  close_info info_;
};

}  // namespace twinsocket::detail
