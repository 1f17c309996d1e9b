#pragma once

// The receiving part of a session: the peer's bytes become messages, or pieces of them. Control frames, heartbeats and
// violations are returned to the session, which answers them.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "protocol/message_inflater.hpp"
#include "protocol/reader.hpp"
#include "session/compression.hpp"
#include "session/message_deadline.hpp"
#include "session/receive_queue.hpp"
#include "session/session_metrics.hpp"
#include "twinsocket/limits.hpp"
#include "twinsocket/message.hpp"

namespace twinsocket::detail {

/// A part of a message that is still arriving.
struct message_piece {
  message_kind kind = message_kind::text;
  bool last = false;  ///< The message ends with this piece.
  std::span<const std::byte> bytes;
};

class incoming {
 public:
  enum class found : std::uint8_t {
    nothing,    ///< All input is consumed.
    data,       ///< A message or a piece.
    control,    ///< A control frame or a violation. The session handles it and asks again.
    heartbeat,  ///< A heartbeat. The session answers it and asks again.
  };

  incoming(role self, const shared_limits& values, const compression_setup& compression, bool heartbeats,
           session_metrics* metrics);

  /// New input. The bytes stay the caller's, see wire_session::feed().
  void feed(std::span<std::byte> bytes) noexcept {
    release_kept_input();
    input_ = bytes;
  }
  /// The common case: takes a message that is whole in the input, if nothing comes before it. Otherwise returns false, and
  /// next() finds what there is.
  [[nodiscard]] bool take(message& out, time_point now) {
    if (state_ != 0 || input_.empty() || (heartbeats_ && begins_like_heartbeat()) || !reader_.take_message(input_, out))
      return false;
    if (input_.empty()) release_kept_input();
    count(out.size(), true, now);
    return true;
  }
  /// False if there is nothing to take.
  [[nodiscard]] bool may_have_data() const noexcept { return !is_consumed() || has(queued); }
  /// Takes the next message: from the queue, else from the input.
  [[nodiscard]] found next(message& out, event& control, time_point now);
  /// Takes the next piece of a message, see wire_session::next_piece().
  [[nodiscard]] found next_piece(message_piece& out, event& control, time_point now);
  /// Releases the caller's input, see wire_session::release_input(). `open` is false once this side has closed: then
  /// messages without room are dropped, because the peer's close frame comes after them.
  [[nodiscard]] found release(bool open, event& control, time_point now);
  /// True if there is nothing to take, except from the queue. release() is then the same as release_consumed().
  [[nodiscard]] bool is_consumed() const noexcept { return input_.empty() && !has(pieces_mode | inflating); }
  void release_consumed(time_point now) noexcept {
    release_kept_input();
    watch_arrival(now);
  }

  /// The connection failed: the incomplete message is discarded.
  void fail() noexcept {
    if (backlog_) backlog_->partial.reset();
  }
  /// The same, and nothing more is read.
  void stop() noexcept;
  /// Discards the unread input, and a piece that was not taken.
  void discard_input() noexcept;

  /// True if there is unread input.
  [[nodiscard]] bool has_unread() const noexcept { return !input_.empty() || has(inflating); }

  // The message timeout.
  void set_time(time_point now) noexcept {
    if (deadline_.is_paused()) watch_arrival(now);
  }
  [[nodiscard]] time_point due() const noexcept { return deadline_.due(reader_); }
  /// True while due() is a time.
  [[nodiscard]] bool is_timed() const noexcept { return deadline_.is_running(); }
  [[nodiscard]] bool expired(time_point now) noexcept { return deadline_.expired(reader_, now); }
  /// Describes the message that took too long.
  [[nodiscard]] std::string describe_delay(time_point now) const;

  void set_limits(const shared_limits& values) noexcept;
  [[nodiscard]] const limits& current_limits() const noexcept { return *reader_.current_limits(); }

  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::uint64_t messages() const noexcept { return messages_; }
  /// When the last message or piece was received.
  [[nodiscard]] time_point last_time() const noexcept { return last_time_; }

 private:
  // The state: 0 if messages go from the input to the caller, else the reasons why not. Any of them may occur together.
  enum : std::uint8_t {
    queued = 1,       // Messages are in the queue.
    pieces_mode = 2,  // Messages are taken in pieces: pieces_ is set.
    inflating = 4,    // The inflater has output that was not read.
    skipping = 8,     // The rest of a message that was taken in pieces is dropped.
    dropping = 16,    // This side has closed, and the queue was full: everything is dropped.
  };
  // What is held until it is received, or complete.
  struct backlog {
    explicit backlog(std::size_t limit) : queue(limit) {}

    receive_queue queue;
    buffer input;    // The copied rest of the input.
    buffer partial;  // A message that is not complete yet.
    message_kind partial_kind = message_kind::text;
  };
  struct pieces {
    bool begun = false;     // The last piece returned was not the last of its message.
    bool has_held = false;  // Found by release() before it was requested.
    bool held_last = false;
    message_kind held_kind = message_kind::text;
    buffer held;
    buffer given;  // The bytes of the last piece that was returned.
  };

  [[nodiscard]] bool has(unsigned any) const noexcept { return (state_ & any) != 0; }
  void set(unsigned reason, bool on) noexcept {
    state_ = static_cast<std::uint8_t>(on ? state_ | reason : state_ & ~reason);
  }
  [[nodiscard]] bool begins_like_heartbeat() const noexcept;
  [[nodiscard]] backlog& ensure_backlog();
  void release_kept_input() noexcept {
    if (backlog_) backlog_->input.reset();
  }
  [[nodiscard]] bool has_partial() const noexcept { return backlog_ && !backlog_->partial.empty(); }
  [[nodiscard]] bool is_queue_full() const noexcept {
    return backlog_ ? backlog_->queue.full() : current_limits().receive_queue_bytes() == 0;
  }
  [[nodiscard]] message pop();
  void push(message complete);
  found assemble(message& out, event& control, time_point now);
  found find_data(event& out);
  [[nodiscard]] event read();
  void hold(message_kind kind, std::span<const std::byte> bytes, bool last);
  void end_pieces(time_point now);
  found drop_pieces(event& control);
  void keep_input();
  void watch_arrival(time_point now) noexcept { deadline_.update(reader_, !has_unread(), now); }
  // A message or piece is counted when it is handed out, so no count ever has to be corrected.
  void count(std::size_t bytes, bool last, time_point now) noexcept {
    last_time_ = now;
    bytes_ += bytes;
    messages_ += last;
    if (!metrics_) return;
    metrics_->bytes_received.add(bytes);
    if (last) metrics_->messages_received.add();
  }

  // What every message uses is side by side: from the end of deadline_ to the beginning of reader_.
  [[no_unique_address]] message_deadline deadline_;
  std::uint8_t state_ = 0;  // In the padding of the deadline, as the next one.
  bool heartbeats_;
  std::unique_ptr<backlog> backlog_;  // Null until something has to be held. Most connections never need it.
  std::span<std::byte> input_;        // Unread input: the caller's bytes, or those of backlog_.
  session_metrics* metrics_;
  std::uint64_t bytes_ = 0;
  std::uint64_t messages_ = 0;
  time_point last_time_{};
  reader reader_;
  std::unique_ptr<message_inflater> inflater_;  // Null: no compression was negotiated.
  std::unique_ptr<pieces> pieces_;              // Null while messages are taken whole.
};

}  // namespace twinsocket::detail
