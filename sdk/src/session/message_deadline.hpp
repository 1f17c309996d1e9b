#pragma once

// The deadline of a message that arrives too slowly: limits::message_timeout and limits::min_message_rate.

#include <chrono>
#include <cstdint>

#include "protocol/reader.hpp"
#include "twinsocket/detail/timer.hpp"

namespace twinsocket::detail {

/// Measures from the first byte of a message to its last. A control frame outside a message counts as a message. The time
/// during which this side does not read is not counted.
class message_deadline {
 public:
  /// The reader has consumed the input. `reading` is false while this side leaves input unread.
  void update(const reader& from, bool reading, time_point now) noexcept {
    if (!reading) {
      if (!paused_) paused_since_ = now;
      paused_ = true;
      return;
    }
    if (paused_) {
      if (running_ && now > paused_since_) begin_ += now - paused_since_;
      paused_ = false;
    }
    const bool same = running_ && completed_ == from.completed();
    running_ = from.is_inside();
    if (running_ && !same) {
      begin_ = now;
      completed_ = from.completed();
    }
  }
  [[nodiscard]] bool is_paused() const noexcept { return paused_; }
  /// True while due() is a time.
  [[nodiscard]] bool is_running() const noexcept { return running_ && !paused_; }

  /// When the message has to be complete, by what has arrived so far.
  [[nodiscard]] time_point due(const reader& from) const noexcept {
    if (!is_running()) return time_point::max();
    const limits& values = *from.current_limits();
    const std::size_t rate = values.min_message_rate();
    const double earned =
        rate == 0 ? 0 : 1000.0 * static_cast<double>(from.payload_received()) / static_cast<double>(rate);
    return add_saturating(add_saturating(begin_, values.message_timeout()),
                          std::chrono::milliseconds(static_cast<std::int64_t>(earned)));
  }

  /// True if the deadline has passed. If the call comes late because the event loop was blocked, input may be waiting
  /// unread: then the deadline is extended, to let the loop read it.
  [[nodiscard]] bool expired(const reader& from, time_point now) noexcept {
    const time_point when = due(from);
    if (now < when) return false;
    if (now - when < late) return true;
    begin_ += now - when + late;
    return false;
  }

  /// How long the message has been arriving, without pauses.
  [[nodiscard]] std::chrono::milliseconds elapsed(time_point now) const noexcept {
    return std::chrono::duration_cast<std::chrono::milliseconds>(now - begin_);
  }

 private:
  static constexpr std::chrono::seconds late{1};

  time_point begin_{};
  time_point paused_since_{};
  std::uint32_t completed_ = 0;  // reader::completed() when the message began.
  bool running_ = false;
  bool paused_ = false;  // Nothing is read.
};

}  // namespace twinsocket::detail
