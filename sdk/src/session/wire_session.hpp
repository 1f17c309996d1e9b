#pragma once

// A whole conversation over a stream of bytes, without the stream: bytes and commands go in, messages and bytes to write
// come out, and wanted() says what the shell is to do next. It knows no clock: whoever calls says what time it is.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "protocol/random.hpp"
#include "protocol/reader.hpp"
#include "protocol/writer.hpp"
#include "session/closing.hpp"
#include "session/compression.hpp"
#include "session/heartbeat.hpp"
#include "session/inbound.hpp"
#include "session/message_deadline.hpp"
#include "session/outbound.hpp"
#include "session/outgoing.hpp"
#include "session/shared_frames.hpp"
#include "session/totals.hpp"
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
  session_totals* totals = nullptr;  ///< Where it counts besides; it outlives the session.
  bool heartbeats = false;  ///< The peer sends application heartbeats, which are to be answered.
};

/// Who is told of the peer's control frames: of pings and pongs after the session has dealt with them, of a close frame
/// before it is answered.
struct control_hooks {
  std::function<void(std::span<const std::byte> payload)> on_ping;
  std::function<void(std::span<const std::byte> payload)> on_pong;
  std::function<void(const close_info& peer)> on_close;
};

/// What a session asks of the shell that carries it.
struct wants {
  bool read = false;   ///< Bring what the peer sends.
  bool write = false;  ///< Write output().
  bool end = false;    ///< Once output() is written, end our direction of the stream.
  bool cut = false;    ///< Close the stream now; nothing more will come of it.
  time_point wake = time_point::max();  ///< Call on_time() then.
};

/// Bytes of a message that arrives.
struct message_piece {
  message_kind kind = message_kind::text;
  bool last = false;  ///< The message ends with it.
  std::span<const std::byte> bytes;
};

class wire_session {
 public:
  wire_session(const session_options& options, time_point now);

  /// Bytes came. They stay the caller's, who keeps them untouched until stash(); they are unmasked in place. Only while
  /// wanted().read holds.
  void feed(std::span<std::byte> bytes, time_point now);
  /// The next message: from those that wait, else from the bytes fed. False when there is none yet, or no more.
  [[nodiscard]] bool next(message& out);
  /// The next piece of a message, for those who take messages as they arrive; the bytes are good until the next one is
  /// asked for. From the first call until next() messages are not put together: what nobody takes stays unread. next() then
  /// passes over the rest of a message of which a piece was given.
  [[nodiscard]] bool next_piece(message_piece& out);
  /// The caller takes its bytes back: what is left of them becomes messages that wait, or, when those are too many, is
  /// copied, and nothing more is read until there is room.
  void stash();

  /// The peer ended its direction of the stream, or the stream broke.
  void stream_ended();
  void stream_broke(error why);

  /// Writes a message, or lets it wait behind what the network has not taken. The error is closed, message_too_big or
  /// queue_full; the latter passes when the peer reads on.
  [[nodiscard]] errc send(const outgoing& m);
  /// Writes a part of a message (RFC 6455 section 5.4). Whole messages wait from the first until the last, control frames
  /// go in between. The error is closed or queue_full.
  /// `compress` counts with the first.
  [[nodiscard]] errc send_fragment(message_kind kind, std::span<const std::byte> bytes, bool first, bool last,
                                   bool compress = true);
  /// How frames are made that this session sends as others do; nothing where it makes its own: with a mask, or with a
  /// context of compression.
  [[nodiscard]] std::optional<frame_form> form() const;
  /// Whether a block may be added now, `limit` bytes being what the outbound queue may hold.
  [[nodiscard]] bool takes(const frame_block& block, std::size_t limit) const noexcept;
  /// Adds a block of its form, of which the network has taken so many bytes already.
  void add(const frame_block& block, std::size_t taken);
  /// Sends a ping, and returns the number by which answered_ping() tells that it was answered.
  std::uint64_t ping(std::span<const std::byte> payload = {});
  /// A ping's payload has at most this many bytes besides its number.
  static constexpr std::size_t max_ping = max_control_payload - sizeof(std::uint64_t);
  [[nodiscard]] control_hooks& hooks() {
    if (!hooks_) hooks_ = std::make_unique<control_hooks>();
    return *hooks_;
  }
  [[nodiscard]] std::uint64_t answered_ping() const noexcept { return answered_ping_; }
  /// Begins the closing handshake; nothing when it has begun already.
  void close(close_code code, std::string reason);
  /// Cuts the stream without a closing handshake.
  void abort();
  void on_time(time_point now);
  /// The network has just come back: pings, and the peer has to be heard within 3 s. Nothing where keepalive is off.
  void probe();
  /// Those that hold from now on, as connection::set_limits() tells.
  void set_limits(const limits& values) noexcept;
  [[nodiscard]] limits limits_now() const noexcept;

  [[nodiscard]] std::span<const std::byte> output() const noexcept { return outbound_.bytes(); }
  /// The network took bytes of output(). When it did not take all, messages wait until it has.
  void wrote(std::size_t count);

  [[nodiscard]] wants wanted() const noexcept;
  [[nodiscard]] bool is_open() const noexcept { return closing_.is_open(); }
  /// True when info() is final and no message will come any more but those that wait.
  [[nodiscard]] bool settled() const noexcept { return closing_.settled(); }
  [[nodiscard]] const close_info& info() const noexcept { return closing_.info(); }
  /// Why a receive fails once the messages have run out.
  [[nodiscard]] error failure() const;
  [[nodiscard]] std::size_t buffered() const noexcept { return outbound_.size(); }
  [[nodiscard]] const twinsocket::counters& counted() const noexcept { return counted_; }
  /// True when what is sent waits for the network.
  [[nodiscard]] bool congested() const noexcept { return congested_; }
  void set_time(time_point now) noexcept {
    now_ = now;
    if (deadline_.is_paused()) watch_arrival();
  }

 private:
  struct pieces {
    bool is_held = false;  // One was found while nobody asked.
    bool held_last = false;
    message_kind held_kind = message_kind::text;
    buffer held;
    buffer given;  // The bytes of the piece that was given last.
  };

  bool assemble(message& out);
  bool find_data(event& out);
  [[nodiscard]] event read();
  [[nodiscard]] event read_frames();
  [[nodiscard]] event read_compressed();
  /// True when something that was fed is not read yet.
  [[nodiscard]] bool has_unread() const noexcept {
    return !input_.empty() || (compression_ && compression_->in.pending());
  }
  void watch_arrival() noexcept { deadline_.update(reader_, !has_unread(), now_); }
  void arrives_too_slowly();
  void hold(message_kind kind, std::span<const std::byte> bytes, bool last);
  void end_pieces();
  void drop_pieces();
  void keep();
  void refill();
  bool take_piece(const event& piece, message& out);
  message complete(message m);
  [[nodiscard]] time_point stalled() const noexcept;
  void count_received(std::size_t bytes, bool last);
  void count_sent(std::size_t bytes, std::size_t messages);
  void count_dropped(drop_reason why);
  void answer_ping(std::span<const std::byte> payload);
  void answer_heartbeat();
  void take_pong(std::span<const std::byte> payload);
  void take_close(close_code code, std::string reason);
  [[nodiscard]] bool make_room(const outgoing& m);
  void frame(message_kind kind, std::span<const std::byte> bytes, const prepared_frames* shared, bool compress);
  bool frame_compressed(message_kind kind, std::span<const std::byte> bytes, const prepared_frames* shared);
  void write_fragment(message_kind kind, std::span<const std::byte> bytes, bool first, bool last, bool compress);
  void fail(close_code code, std::string reason, errc why);
  void write_close(close_code code, std::string_view reason);

  role self_;
  // Of the limits what is not with the parts below.
  std::size_t outbound_bytes_;
  std::size_t outbound_messages_;
  std::chrono::milliseconds send_time_;
  std::chrono::milliseconds idle_time_;
  time_point now_;
  time_point used_;  // When the last message came or went.
  time_point moved_{};  // When the network last took something, or last had nothing to take.
  reader reader_;
  message_deadline deadline_;
  writer writer_;
  closing closing_;
  heartbeat heartbeat_;
  inbound inbound_;
  outbound outbound_;
  std::span<std::byte> input_;  // What is fed and not yet read: the caller's bytes, or those of kept_.
  buffer kept_;
  std::unique_ptr<compression> compression_;  // Null where none was agreed on.
  std::unique_ptr<control_hooks> hooks_;  // Null where nobody wants to be told.
  buffer partial_;      // A message of which not all has come.
  message_kind partial_kind_ = message_kind::text;
  std::unique_ptr<buffer> held_pong_;  // The answer to the last ping, while the peer does not read.
  bool heartbeats_ = false;
  bool heartbeat_is_held_ = false;  // An answer that is owed, while the peer does not read or a message is in fragments.
  bool stream_over_ = false;
  bool congested_ = false;
  bool dropping_ = false;           // This side has closed, and messages had no room.
  bool skips_rest_ = false;         // The rest of a message that was taken by pieces is not wanted any more.
  bool piece_open_ = false;         // The last piece that was given was not its message's last.
  bool in_fragments_ = false;       // A message is being sent in fragments.
  std::unique_ptr<pieces> pieces_;  // Messages are taken as they arrive; null where they are taken whole.
  std::size_t dropped_ = 0;  // Bytes that came after the end of the conversation.
  std::uint64_t last_ping_ = 0;
  time_point pinged_{};
  std::uint64_t answered_ping_ = 0;
  twinsocket::counters counted_;
  session_totals* totals_;
  error failure_;  // errc::ok where it is told by how the connection closed.
};

}  // namespace twinsocket::detail
