#pragma once

// The sending part of a session: messages become frames, messages without room are queued, and control frames are
// interleaved. The session calls it only while it is open, unless a function says otherwise.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "protocol/message_deflater.hpp"
#include "protocol/random.hpp"
#include "protocol/shared_limits.hpp"
#include "protocol/writer.hpp"
#include "session/compression.hpp"
#include "session/frame_encoding.hpp"
#include "session/send_queue.hpp"
#include "session/send_request.hpp"
#include "session/session_metrics.hpp"
#include "twinsocket/detail/timer.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

class outgoing {
 public:
  outgoing(role self, random_source random, const shared_limits& values, const compression_setup& compression,
           session_metrics* metrics, time_point now);

  [[nodiscard]] role self() const noexcept { return writer_.self(); }

  /// See wire_session::send(). If the policy is overflow_policy::close, queue_full asks the session to close.
  [[nodiscard]] errc send(const send_request& m, time_point now);
  /// See wire_session::send_at_once().
  [[nodiscard]] bool can_send_at_once(std::size_t size) const noexcept {
    return state_ == 0 && !deflating_ && !queue_.has_queued() && limits_->send_queue_messages() != 0 &&
           queue_.size() + size <= limits_->send_queue_bytes();
  }
  void send_at_once(message_kind kind, std::span<const std::byte> bytes, time_point now) {
    count(bytes.size(), 1, now);
    writer_.message(queue_.tail(), kind, bytes);
  }
  /// See wire_session::send_fragment().
  [[nodiscard]] errc send_fragment(message_kind kind, std::span<const std::byte> bytes, bool first, bool last,
                                   bool compress, time_point now);
  [[nodiscard]] std::optional<frame_encoding> encoding() const;
  [[nodiscard]] bool can_add(const frame_block& block, std::size_t limit) const noexcept {
    return !is_blocked() && !queue_.has_queued() &&
           queue_.size() + block.frames.size() <= std::min(limit, limits_->send_queue_bytes());
  }
  void add(const frame_block& block, std::size_t taken, time_point now);

  /// See wire_session::can_send_directly().
  [[nodiscard]] bool can_send_directly(const send_request& m) const noexcept {
    return self() == role::server && !is_blocked() && !queue_.has_queued() && limits_->send_queue_messages() != 0 &&
           !(deflating_ && m.compress()) &&
           queue_.size() + m.bytes.size() <=
               std::min(limits_->send_queue_bytes(), m.options ? m.options->queue_limit() : SIZE_MAX);
  }
  [[nodiscard]] std::span<const std::byte> begin_direct_send(const send_request& m, time_point now) {
    if (!m.shared) writer_.header(queue_.tail(), m.kind, m.bytes.size());
    count(m.bytes.size(), 1, now);
    return m.shared ? m.shared->server_frame() : m.bytes;
  }
  /// Copies what the network did not accept of `body`, which was written behind output(). False if the memory for it is
  /// missing: a frame of which a part has been sent cannot be taken back.
  [[nodiscard]] bool keep_unsent(std::span<const std::byte> body, std::size_t taken);

  void ping(std::span<const std::byte> payload) { writer_.ping(queue_.tail(), payload); }
  /// Answers a ping. Of the pings of a peer that does not read only the last is answered.
  void pong(std::span<const std::byte> payload);
  void heartbeat();
  /// Writes the close frame. Queued messages go before it, because they were sent before.
  void close(close_code code, std::string_view reason, time_point now);
  /// Drops queued messages.
  void drop_queued() noexcept { queue_.drop_queued(); }
  /// The same, because overflow_policy::close closes the connection.
  void drop_for_policy() noexcept;
  /// Drops everything, because the stream has ended.
  void clear() noexcept { queue_.clear(); }

  [[nodiscard]] std::span<const std::byte> output() const noexcept { return queue_.bytes(); }
  /// The network accepted `count` bytes of output(). `open` is false once the session has closed.
  void on_written(std::size_t count, bool open, time_point now) {
    queue_.consume(count);
    const bool was_congested = congested();
    set(congestion, !queue_.bytes().empty());
    if (congested() && (count > 0 || !was_congested)) last_write_time_ = now;
    if (state_ != 0 || queue_.has_queued()) send_deferred(open, now);
  }
  [[nodiscard]] bool congested() const noexcept { return (state_ & congestion) != 0; }
  [[nodiscard]] bool empty() const noexcept { return queue_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return queue_.size(); }

  /// When a peer that accepts no bytes is dropped.
  [[nodiscard]] time_point due() const noexcept {
    return congested() ? add_saturating(last_write_time_, limits_->write_timeout()) : time_point::max();
  }

  void set_limits(const shared_limits& values) noexcept { limits_ = values; }

  [[nodiscard]] session_metrics* metrics() const noexcept { return metrics_; }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::uint64_t messages() const noexcept { return messages_; }
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }
  /// When the last message was sent.
  [[nodiscard]] time_point last_time() const noexcept { return last_time_; }

 private:
  struct deflating {
    message_deflater out;
    std::size_t threshold;
  };
  // The state: 0, or why not everything can be encoded at once. Any of these may occur together.
  enum : std::uint8_t {
    congestion = 1,     // The network accepts no more bytes: messages are queued.
    fragments = 2,      // A message is being sent in fragments: other messages are queued.
    pong_due = 4,       // held_pong_ has to be sent.
    heartbeat_due = 8,  // A heartbeat has to be answered.
  };

  [[nodiscard]] bool is_blocked() const noexcept { return (state_ & (congestion | fragments)) != 0; }
  void set(std::uint8_t reason, bool on) noexcept {
    state_ = static_cast<std::uint8_t>(on ? state_ | reason : state_ & ~reason);
  }
  [[nodiscard]] bool fits(std::size_t size, std::size_t limit) const noexcept {
    return queue_.waiting() < limits_->send_queue_messages() && (queue_.empty() || queue_.size() + size <= limit);
  }
  [[nodiscard]] bool make_room(const send_request& m);
  void encode(message_kind kind, std::span<const std::byte> bytes, const prepared_frames* shared, bool compress,
              time_point now);
  bool encode_compressed(message_kind kind, std::span<const std::byte> bytes, const prepared_frames* shared);
  void encode_oldest(time_point now);
  void encode_queued(time_point now);
  void send_deferred(bool open, time_point now);
  void count(std::size_t bytes, std::size_t messages, time_point now) noexcept;
  void count_dropped(drop_reason why) noexcept;

  std::unique_ptr<buffer> held_pong_;  // The answer to the last ping, while the peer does not read.
  time_point last_write_time_{};       // While congested: when the network last accepted bytes.
  std::uint64_t dropped_ = 0;
  // From here on, what every message uses.
  [[no_unique_address]] writer writer_;
  std::uint8_t state_ = 0;  // In the padding of the writer.
  send_queue queue_;
  shared_limits limits_;
  std::unique_ptr<deflating> deflating_;  // Null: no compression was negotiated.
  session_metrics* metrics_;
  std::uint64_t bytes_ = 0;
  std::uint64_t messages_ = 0;
  time_point last_time_;
};

}  // namespace twinsocket::detail
