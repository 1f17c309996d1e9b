#pragma once

// A WebSocket session over a byte stream, without I/O. Inputs are bytes and commands; outputs are messages and bytes to
// write. next_io() says what the caller has to do next. The session has no clock: the caller passes the time.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "protocol/random.hpp"
#include "protocol/reader.hpp"
#include "protocol/writer.hpp"
#include "session/closing_handshake.hpp"
#include "session/compression.hpp"
#include "session/frame_encoding.hpp"
#include "session/keepalive_timer.hpp"
#include "session/message_deadline.hpp"
#include "session/receive_queue.hpp"
#include "session/send_queue.hpp"
#include "session/send_request.hpp"
#include "session/session_metrics.hpp"
#include "twinsocket/counters.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/limits.hpp"
#include "twinsocket/message.hpp"

namespace twinsocket::detail {

struct session_options {
  role self;
  random_source random;
  twinsocket::limits limits{};
  twinsocket::keepalive keepalive{};
  compression_setup compression{};
  session_metrics* totals = nullptr;  ///< Additional counters, which must outlive the session.
  bool heartbeats = false;            ///< The peer sends application heartbeats, which have to be answered.
};

/// Callbacks for control frames of the peer. on_ping and on_pong are called after the session has handled the frame,
/// on_close before the close frame is answered.
struct control_hooks {
  std::function<void(std::span<const std::byte> payload)> on_ping;
  std::function<void(std::span<const std::byte> payload)> on_pong;
  std::function<void(const close_info& peer)> on_close;
};

/// What the session needs from its caller.
struct wants {
  bool read = false;                    ///< Read from the peer.
  bool write = false;                   ///< Write output().
  bool end = false;                     ///< Once output() is written, end this side's direction of the stream.
  bool close_stream = false;            ///< Close the stream now. Nothing more follows.
  time_point wake = time_point::max();  ///< Call on_timer() then.
};

/// A part of a message that is still arriving.
struct message_piece {
  message_kind kind = message_kind::text;
  bool last = false;  ///< The message ends with this piece.
  std::span<const std::byte> bytes;
};

class wire_session {
 public:
  wire_session(const session_options& options, time_point now);

  /// Input from the peer. The bytes belong to the caller, who must keep them unchanged until release_input(). They are unmasked
  /// in place. Only while next_io().read is true.
  void feed(std::span<std::byte> bytes, time_point now);
  /// Takes the next message: from the queue, else from the input. False if there is none yet, or if no more will come.
  [[nodiscard]] bool next(message& out);
  /// Takes the next piece of a message, for callers that process messages as they arrive. The bytes are valid until the
  /// next call. From the first call until next() is called, messages are not assembled, and input that is not taken stays
  /// unread. If some pieces of a message were taken, next() skips the rest of it.
  [[nodiscard]] bool next_piece(message_piece& out);
  /// Releases the caller's input bytes. Messages in the rest of the input are queued. If the queue is full the rest is
  /// copied, and nothing more is read until there is room.
  void release_input();

  /// The peer ended its direction of the stream, or the stream failed.
  void stream_ended();
  void stream_failed(error why);

  /// Encodes a message, or queues it if the network is congested. Errors: closed, message_too_big or queue_full. After
  /// queue_full try again when the peer has read.
  [[nodiscard]] errc send(const send_request& m);
  /// Encodes a fragment of a message (RFC 6455 section 5.4). From the first fragment to the last, whole messages are
  /// queued; control frames are interleaved. Errors: closed or queue_full. `compress` is evaluated for the first fragment
  /// only.
  [[nodiscard]] errc send_fragment(message_kind kind, std::span<const std::byte> bytes, bool first, bool last,
                                   bool compress = true);
  /// The form of frames that this session can share with others. Empty if it encodes its own, because it masks them or
  /// keeps a compression context.
  [[nodiscard]] std::optional<frame_encoding> encoding() const;
  /// Whether add() is possible now. `limit` is the maximum size of the send queue in bytes.
  [[nodiscard]] bool can_add(const frame_block& block, std::size_t limit) const noexcept;
  /// Adds a block of this session's form. The network has accepted the first `taken` bytes of it already.
  void add(const frame_block& block, std::size_t taken);
  /// Sends a ping and returns its number. last_answered_ping() reports when it is answered.
  std::uint64_t ping(std::span<const std::byte> payload = {});
  /// The maximum payload that ping() accepts: a control frame's, less the number.
  static constexpr std::size_t max_ping = max_control_payload - sizeof(std::uint64_t);
  [[nodiscard]] control_hooks& hooks() {
    if (!hooks_) hooks_ = std::make_unique<control_hooks>();
    return *hooks_;
  }
  [[nodiscard]] std::uint64_t last_answered_ping() const noexcept { return answered_ping_; }
  /// Starts the closing handshake. No effect if it has begun already.
  void close(close_code code, std::string reason);
  /// Closes the stream without a closing handshake.
  void abort();
  /// Out of memory: closes with 1011, or cuts the stream if there is no memory for a close frame. Discards the input that
  /// is held.
  void ran_out_of_memory();
  void on_timer(time_point now);
  /// The network has just come back: sends a ping, and the peer has to send something within 3 s. No effect if keepalive
  /// is off.
  void probe();
  /// Changes the limits; see connection::set_limits().
  void set_limits(const limits& values) noexcept;
  [[nodiscard]] limits current_limits() const noexcept;

  [[nodiscard]] std::span<const std::byte> output() const noexcept { return send_queue_.bytes(); }
  /// The network accepted `count` bytes of output(). If that was not all, messages are queued until it is.
  void on_written(std::size_t count);

  [[nodiscard]] wants next_io() const noexcept;
  [[nodiscard]] bool is_open() const noexcept { return closing_.is_open(); }
  /// True when info() is final. Only queued messages remain to be received.
  [[nodiscard]] bool settled() const noexcept { return closing_.settled(); }
  [[nodiscard]] const close_info& info() const noexcept { return closing_.info(); }
  /// The error of a receive once the queue is empty.
  [[nodiscard]] error failure() const;
  [[nodiscard]] std::size_t buffered() const noexcept { return send_queue_.size(); }
  [[nodiscard]] const twinsocket::counters& current_counters() const noexcept { return counters_; }
  /// True if messages sent now are queued because the network accepts no more bytes.
  [[nodiscard]] bool congested() const noexcept { return congested_; }
  void set_time(time_point now) noexcept {
    now_ = now;
    if (deadline_.is_paused()) watch_arrival();
  }

 private:
  struct pieces {
    bool has_held = false;  // Found by release_input() before it was requested.
    bool held_last = false;
    message_kind held_kind = message_kind::text;
    buffer held;
    buffer given;  // The bytes of the last piece that was returned.
  };

  bool assemble(message& out);
  bool next_data(event& out);
  [[nodiscard]] event read();
  [[nodiscard]] event read_frames();
  [[nodiscard]] event read_compressed();
  /// True if there is unread input.
  [[nodiscard]] bool has_unread() const noexcept {
    return !input_.empty() || (compression_ && compression_->in.pending());
  }
  void watch_arrival() noexcept { deadline_.update(reader_, !has_unread(), now_); }
  void fail_slow_message();
  void hold(message_kind kind, std::span<const std::byte> bytes, bool last);
  void end_pieces();
  void drop_pieces();
  void keep();
  void encode_queued();
  bool append_piece(const event& piece, message& out);
  message complete(message m);
  [[nodiscard]] time_point write_deadline() const noexcept;
  void count_received(std::size_t bytes, bool last);
  void count_sent(std::size_t bytes, std::size_t messages);
  void count_dropped(drop_reason why);
  void answer_ping(std::span<const std::byte> payload);
  void answer_heartbeat();
  void handle_pong(std::span<const std::byte> payload);
  void handle_close(close_code code, std::string reason);
  [[nodiscard]] bool make_room(const send_request& m);
  void frame(message_kind kind, std::span<const std::byte> bytes, const prepared_frames* shared, bool compress);
  bool frame_compressed(message_kind kind, std::span<const std::byte> bytes, const prepared_frames* shared);
  void write_fragment(message_kind kind, std::span<const std::byte> bytes, bool first, bool last, bool compress);
  void fail(close_code code, std::string reason, errc why);
  void write_close(close_code code, std::string_view reason);

  role self_;
  // The limits that the members below do not hold.
  std::size_t send_queue_bytes_;
  std::size_t send_queue_messages_;
  std::chrono::milliseconds write_timeout_;
  std::chrono::milliseconds idle_timeout_;
  time_point now_;
  time_point last_message_time_;  // When the last message was sent or received.
  time_point last_write_time_{};  // When the network last accepted bytes, or there was nothing to write.
  reader reader_;
  message_deadline deadline_;
  writer writer_;
  closing_handshake closing_;
  keepalive_timer keepalive_timer_;
  receive_queue receive_queue_;
  send_queue send_queue_;
  std::span<std::byte> input_;  // Unread input: the caller's bytes, or those of buffered_input_.
  buffer buffered_input_;
  std::unique_ptr<compression> compression_;  // Null: no compression was negotiated.
  std::unique_ptr<control_hooks> hooks_;      // Null: no hooks are set.
  buffer partial_;                            // A message that is not complete yet.
  message_kind partial_kind_ = message_kind::text;
  std::unique_ptr<buffer> held_pong_;  // The answer to the last ping, while the peer does not read.
  bool heartbeats_ = false;
  bool heartbeat_due_ = false;  // An answer is due; the peer does not read, or a message is in fragments.
  bool stream_ended_ = false;
  bool congested_ = false;
  bool discarding_ = false;         // This side has closed, and the queue was full.
  bool skip_rest_ = false;          // The rest of a message that was taken in pieces is skipped.
  bool piece_open_ = false;         // The last piece returned was not the last of its message.
  bool in_fragments_ = false;       // A message is being sent in fragments.
  std::unique_ptr<pieces> pieces_;  // Set while messages are taken in pieces; null while they are taken whole.
  std::size_t dropped_ = 0;         // Bytes that arrived after the closing handshake.
  std::uint64_t last_ping_ = 0;
  time_point last_ping_time_{};
  std::uint64_t answered_ping_ = 0;
  twinsocket::counters counters_;
  session_metrics* metrics_;
  error failure_;  // errc::ok if closing_.info() describes the failure.
};

}  // namespace twinsocket::detail
