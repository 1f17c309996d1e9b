#pragma once

// The closing handshake (RFC 6455 section 7): which side closed, code and reason, and when the stream may be ended.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

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

  [[nodiscard]] phase current_phase() const noexcept { return phase_; }
  [[nodiscard]] bool is_open() const noexcept { return phase_ == phase::open; }
  /// True when info() is final.
  [[nodiscard]] bool settled() const noexcept { return phase_ >= phase::done; }
  [[nodiscard]] bool is_closed() const noexcept { return phase_ == phase::closed; }
  [[nodiscard]] const close_info& info() const noexcept {
    return ending_ ? ending_->info : without_close_frame(lost_by_);
  }
  /// When the stream is closed if it has not ended by then.
  [[nodiscard]] time_point due() const noexcept {
    return phase_ == phase::sent || phase_ == phase::done ? ending_->due : time_point::max();
  }

  // `due`: when the stream is closed if it has not ended by then. That of the first call counts.

  /// This side closes. True if a close frame has to be sent, which is the case on the first call only.
  [[nodiscard]] bool begin(close_code code, std::string reason, time_point due) {
    if (phase_ != phase::open) return false;
    enter(phase::sent, {code, std::move(reason), false, close_initiator::local}, due);
    return true;
  }

  /// The peer's close frame was received. True if it has to be answered with a close frame. `is_answered` means that the
  /// close frame that this side has sent is the answer.
  [[nodiscard]] bool peer_closed(close_code code, std::string reason, time_point due, bool is_answered = false) {
    if (settled()) return false;
    const bool answer = phase_ == phase::open;
    if (answer || is_answered) {
      enter(phase::done, {code, std::move(reason), true, close_initiator::remote}, due);
    } else {
      ending_->info.clean = true;
      phase_ = phase::done;
    }
    return answer;
  }

  /// The peer violated the protocol: the connection fails (section 7.1.7). True if a close frame has to be sent. If this
  /// side has sent one before, the peer was told that code; info() tells the failure, which the application should know.
  [[nodiscard]] bool fail(close_code code, std::string reason, time_point due) {
    if (settled()) return false;
    const bool tell = phase_ == phase::open;
    enter(phase::done, {code, std::move(reason), false, close_initiator::local}, due);
    return tell;
  }

  /// The stream ended, failed or was aborted, by this side or by none. Without both close frames the close code is 1006 and
  /// the reason is empty.
  void stream_ended(close_initiator who = close_initiator::none) noexcept {
    if (!settled()) {
      lost_by_ = phase_ == phase::sent ? close_initiator::local : who;
      ending_.reset();
    }
    phase_ = phase::closed;
  }

 private:
  struct ending {
    time_point due;
    close_info info;
  };

  void enter(phase next, close_info info, time_point due) {
    if (!ending_) ending_ = std::make_unique<ending>(ending{due, {}});
    ending_->info = std::move(info);
    phase_ = next;
  }
  [[nodiscard]] static const close_info& without_close_frame(close_initiator who) noexcept {
    static const close_info by_nobody;
    static const close_info by_this_side{close_code::abnormal, {}, false, close_initiator::local};
    return who == close_initiator::local ? by_this_side : by_nobody;
  }

  std::unique_ptr<ending> ending_;  // Null while open, and if the stream ended before the closing handshake.
  phase phase_ = phase::open;
  close_initiator lost_by_ = close_initiator::none;  // If there is no ending_.
};

}  // namespace twinsocket::detail
