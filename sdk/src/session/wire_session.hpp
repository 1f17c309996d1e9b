#pragma once

// A WebSocket session over a byte stream, without I/O. Inputs are bytes and commands; outputs are messages and bytes to
// write. next_io() says what the caller has to do next. The session has no clock: the caller passes the time.
//
// Three machines do the work: incoming, outgoing and lifecycle. They do not know each other. The session passes what one
// of them finds to the others: it answers control frames, and closes when a rule is violated or a timeout expires.

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "protocol/random.hpp"
#include "session/compression.hpp"
#include "session/incoming.hpp"
#include "session/lifecycle.hpp"
#include "session/outgoing.hpp"
#include "twinsocket/counters.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/limits.hpp"
#include "twinsocket/message.hpp"

namespace twinsocket::detail {

struct session_options {
  role self;
  random_source random;
  shared_limits limits = twinsocket::limits();
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
struct pending_io {
  bool read = false;                    ///< Read from the peer.
  bool write = false;                   ///< Write output().
  bool end = false;                     ///< Once output() is written, end this side's direction of the stream.
  bool close_stream = false;            ///< Close the stream now. Nothing more follows.
  time_point wake = time_point::max();  ///< Call on_timer() then.
};

class wire_session {
 public:
  wire_session(const session_options& options, time_point now);

  /// Input from the peer. The bytes belong to the caller, who must keep them unchanged until release_input(). They are unmasked
  /// in place. Only while next_io().read is true.
  void feed(std::span<std::byte> bytes, time_point now);
  /// Takes the next message: from the queue, else from the input. False if there is none yet, or if no more will come.
  [[nodiscard]] bool next(message& out) { return in_.take(out, now_) || (in_.may_have_data() && find(out)); }
  /// Takes the next piece of a message, for callers that process messages as they arrive. The bytes are valid until the
  /// next call. From the first call until next() is called, messages are not assembled, and input that is not taken stays
  /// unread. If some pieces of a message were taken, next() skips the rest of it.
  [[nodiscard]] bool next_piece(message_piece& out);
  /// Releases the caller's input bytes. Messages in the rest of the input are queued. If the queue is full the rest is
  /// copied, and nothing more is read until there is room.
  void release_input() { in_.is_consumed() ? in_.release_consumed(now_) : release_rest(); }

  /// The peer ended its direction of the stream, or the stream failed.
  void stream_ended();
  void stream_failed(error why);

  /// Encodes a message, or queues it if the network is congested. Errors: closed, message_too_big or queue_full. After
  /// queue_full try again when the peer has read.
  [[nodiscard]] errc send(const send_request& m) {
    if (!is_open()) return errc::closed;
    const errc code = out_.send(m, now_);
    return code == errc::queue_full ? refuse(m) : code;
  }
  /// The common case of send(): a message without options, when no other is queued or compressed. send_at_once() may then be
  /// called instead.
  [[nodiscard]] bool can_send_at_once(std::size_t size) const noexcept {
    return is_open() && out_.can_send_at_once(size);
  }
  void send_at_once(message_kind kind, std::span<const std::byte> bytes) { out_.send_at_once(kind, bytes, now_); }
  /// Whether send() would only frame this message and copy it to output(). Then the caller can write it without a copy:
  /// begin_direct_send(), a write of output() and of the returned bytes behind it, and end_direct_send() with the number of
  /// bytes of both that the network accepted. The rest is copied to output().
  [[nodiscard]] bool can_send_directly(const send_request& m) const noexcept {
    return is_open() && out_.can_send_directly(m);
  }
  [[nodiscard]] std::span<const std::byte> begin_direct_send(const send_request& m) {
    return out_.begin_direct_send(m, now_);
  }
  void end_direct_send(std::span<const std::byte> body, std::size_t taken) {
    const std::size_t written = std::min(taken, output().size());
    const bool kept = out_.keep_unsent(body, taken);
    on_written(written);
    if (!kept) abort();
  }
  /// Encodes a fragment of a message (RFC 6455 section 5.4). From the first fragment to the last, whole messages are
  /// queued; control frames are interleaved. Errors: closed or queue_full. `compress` is evaluated for the first fragment
  /// only.
  [[nodiscard]] errc send_fragment(message_kind kind, std::span<const std::byte> bytes, bool first, bool last,
                                   bool compress = true);
  /// The form of frames that this session can share with others. Empty if it encodes its own, because it masks them or
  /// keeps a compression context.
  [[nodiscard]] std::optional<frame_encoding> encoding() const { return out_.encoding(); }
  /// Whether add() is possible now. `limit` is the maximum size of the send queue in bytes.
  [[nodiscard]] bool can_add(const frame_block& block, std::size_t limit) const noexcept {
    return is_open() && out_.can_add(block, limit);
  }
  /// Adds a block of this session's form. The network has accepted the first `taken` bytes of it already.
  void add(const frame_block& block, std::size_t taken) { out_.add(block, taken, now_); }
  /// Sends a ping and returns its number. last_answered_ping() reports when it is answered.
  std::uint64_t ping(std::span<const std::byte> payload = {});
  /// The maximum payload that ping() accepts: a control frame's, less the number.
  static constexpr std::size_t max_ping = ping_payload::max_size;
  [[nodiscard]] control_hooks& hooks() {
    if (!hooks_) hooks_ = std::make_unique<control_hooks>();
    return *hooks_;
  }
  [[nodiscard]] std::uint64_t last_answered_ping() const noexcept { return life_.answered_ping(); }
  /// True if a ping was answered since the last call.
  [[nodiscard]] bool take_answer() noexcept { return life_.take_answer(); }
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
  void set_limits(const shared_limits& values) noexcept;
  [[nodiscard]] const limits& current_limits() const noexcept { return in_.current_limits(); }

  [[nodiscard]] std::span<const std::byte> output() const noexcept { return out_.output(); }
  /// The network accepted `count` bytes of output(). If that was not all, messages are queued until it is.
  void on_written(std::size_t count) {
    out_.on_written(count, is_open(), now_);
    if (out_.empty()) life_.on_drained();
  }

  [[nodiscard]] pending_io next_io() const noexcept;
  /// False if next_io() says nothing new except `read`, and a `wake` that is at most later than before. That is the case while
  /// whole messages come and go. set_limits() may make it earlier.
  [[nodiscard]] bool has_new_io() const noexcept {
    return life_.has_new_deadline() || out_.congested() || in_.is_timed();
  }
  /// next_io().read alone.
  [[nodiscard]] bool wants_input() const noexcept {
    return !life_.closing().is_closed() && !in_.has_unread() && life_.wants_input();
  }
  [[nodiscard]] bool is_open() const noexcept { return life_.is_open(); }
  /// True when info() is final. Only queued messages remain to be received.
  [[nodiscard]] bool settled() const noexcept { return life_.settled(); }
  [[nodiscard]] const close_info& info() const noexcept { return life_.closing().info(); }
  /// The error of a receive once the queue is empty.
  [[nodiscard]] error failure() const { return life_.failure(); }
  [[nodiscard]] std::size_t buffered() const noexcept { return out_.size(); }
  [[nodiscard]] counters current_counters() const noexcept;
  /// True if messages sent now are queued because the network accepts no more bytes.
  [[nodiscard]] bool congested() const noexcept { return out_.congested(); }
  void set_time(time_point now) noexcept {
    now_ = now;
    in_.set_time(now);
  }

 private:
  [[nodiscard]] bool find(message& out);
  [[nodiscard]] errc refuse(const send_request& m);
  void release_rest();
  /// Answers what was found. False if it is not for the session, but the data that was asked for, or nothing.
  bool answer(incoming::found what, const event& control);
  void handle_pong(std::span<const std::byte> payload);
  void handle_close(close_code code, std::string_view reason);
  void fail(close_code code, std::string reason, errc why);
  [[nodiscard]] time_point last_message_time() const noexcept { return std::max(in_.last_time(), out_.last_time()); }

  time_point now_;
  incoming in_;
  outgoing out_;
  lifecycle life_;
  std::unique_ptr<control_hooks> hooks_;  // Null: no hooks are set.
};

}  // namespace twinsocket::detail
