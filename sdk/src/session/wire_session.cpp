#include "session/wire_session.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "session/application_heartbeat.hpp"

namespace twinsocket::detail {

namespace {

// Unwritten bytes from which on the pongs owed to a peer that does not read are reduced to the last one, as RFC 6455
// section 5.5.3 allows; so pings cannot fill our memory.
constexpr std::size_t pong_backlog = 64 * 1024;

// Frames that are made at once of messages that waited; the rest may still be dropped by a policy.
constexpr std::size_t refill_size = 64 * 1024;

// Unwritten bytes beyond which a message that is sent in fragments has to wait.
constexpr std::size_t fragment_backlog = 256 * 1024;

// A ping carries its number, by which its pong is known, and then what its sender likes.
class ping_payload {
 public:
  ping_payload(std::uint64_t number, std::span<const std::byte> more) noexcept : size_(sizeof number + more.size()) {
    std::memcpy(bytes_.data(), &number, sizeof number);
    if (!more.empty()) std::memcpy(bytes_.data() + sizeof number, more.data(), more.size());
  }
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return std::span(bytes_).first(size_); }

 private:
  std::array<std::byte, max_control_payload> bytes_;
  std::size_t size_;
};

}  // namespace

wire_session::wire_session(const session_options& options, time_point now)
    : self_(options.self),
      limits_(options.limits),
      now_(now),
      used_(now),
      reader_({.self = options.self,
               .max_message = options.limits.max_message(),
               .max_fragments = options.limits.max_fragments(),
               .max_frame = options.limits.max_frame(),
               .allow_compressed = options.compression.engine != nullptr}),
      writer_(options.self, options.random),
      closing_(options.limits.close_time()),
      heartbeat_(options.keepalive, now),
      inbound_(options.limits.inbound_bytes()),
      heartbeats_(options.heartbeats),
      totals_(options.totals) {
  if (options.compression.engine)
    compression_ = std::make_unique<compression>(options.compression, options.self, options.limits);
}

void wire_session::feed(std::span<std::byte> bytes, time_point now) {
  now_ = now;
  heartbeat_.heard(now);
  kept_.reset();
  input_ = bytes;
}

bool wire_session::next(message& out) {
  if (by_pieces_) end_pieces();
  if (!inbound_.empty()) {
    out = inbound_.pop();
    return true;
  }
  return assemble(out);
}

// Whoever asks for a whole message does not want the rest of one that was begun in pieces. A message of which nothing was
// given yet is still to come whole.
void wire_session::end_pieces() {
  by_pieces_ = false;
  if (std::exchange(piece_is_held_, false)) {
    if (piece_open_) {
      piece_open_ = !held_piece_.last;
    } else if (held_piece_.last) {
      inbound_.push(message(held_piece_.kind, std::move(held_bytes_)));
    } else {
      // It is counted when it is complete.
      count_received(-static_cast<std::int64_t>(held_bytes_.size()), false);
      partial_ = std::move(held_bytes_);
      partial_kind_ = held_piece_.kind;
    }
  }
  held_bytes_.reset();
  skips_rest_ = piece_open_;
}

event wire_session::read() { return compression_ ? read_compressed() : read_frames(); }

// Reads on, and answers by itself what is no data.
event wire_session::read_frames() {
  const event found = reader_.next(input_);
  switch (found.what) {
    case event::type::ping:
      answer_ping(found.bytes);
      if (hooks_ && hooks_->on_ping) hooks_->on_ping(found.bytes);
      break;
    case event::type::pong:
      take_pong(found.bytes);
      break;
    case event::type::close:
      if (closing_.peer_closed(found.code, std::string(found.reason), now_)) write_close(found.code, found.reason);
      break;
    case event::type::violation:
      fail(found.code, std::string(found.reason), found.why);
      break;
    case event::type::piece:
    case event::type::more:
      break;
  }
  return found;
}

bool wire_session::assemble(message& out) {
  while (has_unread()) {
    const event found = read();
    if (found.what != event::type::piece || dropping_) continue;
    if (skips_rest_) {
      skips_rest_ = !found.last;
      piece_open_ = skips_rest_;
    } else if (take_piece(found, out)) {
      return true;
    }
  }
  kept_.reset();
  return false;
}

bool wire_session::take_piece(const event& piece, message& out) {
  if (piece.first && piece.last) {
    if (heartbeats_ && is_heartbeat(piece.kind, piece.bytes)) {
      answer_heartbeat();
      return false;
    }
    out = complete(message(piece.kind, buffer(piece.bytes)));
    return true;
  }
  partial_.append(piece.bytes);
  partial_kind_ = piece.kind;
  if (!piece.last) return false;
  out = complete(message(piece.kind, std::move(partial_)));
  return true;
}

bool wire_session::next_piece(message_piece& out) {
  by_pieces_ = true;
  message_piece found;
  if (std::exchange(piece_is_held_, false)) {
    // It was found by stash().
  } else if (!inbound_.empty()) {
    const message whole = inbound_.pop();
    hold({.kind = whole.kind(), .last = true, .bytes = whole.bytes()});
  } else if (!partial_.empty()) {
    count_received(static_cast<std::int64_t>(partial_.size()), false);
    hold({.kind = partial_kind_, .last = false, .bytes = partial_.bytes()});
    partial_.reset();
  } else if (find_piece(found)) {
    hold(found);
  } else {
    return false;
  }
  // The place is free for the next one, which may be found before this one is done with.
  given_bytes_ = std::move(held_bytes_);
  out = {.kind = held_piece_.kind, .last = held_piece_.last, .bytes = given_bytes_.bytes()};
  piece_open_ = !out.last;
  return true;
}

bool wire_session::find_piece(message_piece& out) {
  while (has_unread()) {
    const event found = read();
    if (found.what != event::type::piece || dropping_) continue;
    if (skips_rest_) {
      skips_rest_ = !found.last;
      piece_open_ = skips_rest_;
      continue;
    }
    if (heartbeats_ && found.first && found.last && is_heartbeat(found.kind, found.bytes)) {
      answer_heartbeat();
      continue;
    }
    count_received(static_cast<std::int64_t>(found.bytes.size()), found.last);
    out = {.kind = found.kind, .last = found.last, .bytes = found.bytes};
    return true;
  }
  kept_.reset();
  return false;
}

void wire_session::hold(const message_piece& piece) {
  held_bytes_.clear();
  held_bytes_.append(piece.bytes);
  held_piece_ = {.kind = piece.kind, .last = piece.last, .bytes = {}};
}

message wire_session::complete(message m) {
  count_received(static_cast<std::int64_t>(m.size()), true);
  return m;
}

// Bytes that will be counted once more are taken back as a negative number.
void wire_session::count_received(std::int64_t bytes, bool last) {
  used_ = now_;
  counted_.bytes_received += static_cast<std::uint64_t>(bytes);
  if (last) ++counted_.messages_received;
  if (!totals_) return;
  totals_->bytes_received.add(static_cast<std::uint64_t>(bytes));
  if (last) totals_->messages_received.add();
}

void wire_session::count_sent(std::size_t bytes, std::size_t messages) {
  used_ = now_;
  counted_.bytes_sent += bytes;
  counted_.messages_sent += messages;
  if (!totals_) return;
  totals_->bytes_sent.add(bytes);
  totals_->messages_sent.add(messages);
}

void wire_session::count_dropped(drop_reason why) {
  ++counted_.dropped;
  if (totals_) totals_->dropped[static_cast<std::size_t>(why)].add();
}

void wire_session::take_pong(std::span<const std::byte> payload) {
  std::uint64_t number = 0;
  if (payload.size() >= sizeof number) std::memcpy(&number, payload.data(), sizeof number);
  const bool answers = number > answered_ping_ && number <= last_ping_;
  if (answers) {
    // An answer to a later ping answers those before it too (RFC 6455 section 5.5.3).
    answered_ping_ = number;
    if (number == last_ping_) {
      counted_.round_trip = now_ - pinged_;
      if (totals_) totals_->pings.add(now_ - pinged_);
    }
  }
  if (hooks_ && hooks_->on_pong) hooks_->on_pong(answers ? payload.subspan(sizeof number) : payload);
}

void wire_session::answer_ping(std::span<const std::byte> payload) {
  if (closing_.now_in() >= closing::phase::sent) return;
  if (outbound_.size() < pong_backlog) {
    writer_.pong(outbound_.tail(), payload);
    return;
  }
  held_pong_.clear();
  held_pong_.append(payload);
  pong_is_held_ = true;
}

void wire_session::answer_heartbeat() {
  if (!closing_.is_open()) return;
  heartbeat_is_held_ = in_fragments_ || outbound_.size() >= pong_backlog;
  if (!heartbeat_is_held_)
    writer_.message(outbound_.tail(), message_kind::text, std::as_bytes(std::span(heartbeat_text.data(), heartbeat_text.size())));
}

void wire_session::stash() {
  message_piece piece;
  // What waits already is given first.
  if (by_pieces_ && !piece_is_held_ && inbound_.empty() && partial_.empty() && find_piece(piece)) {
    hold(piece);
    piece_is_held_ = true;
  }
  message complete;
  // Once this side has closed, messages beyond the bound are dropped, for the peer's close frame is behind them: from the
  // first that has no room on, all of them.
  while (!by_pieces_ && has_unread() && (!inbound_.full() || !closing_.is_open())) {
    if (!assemble(complete)) break;
    dropping_ = inbound_.full();
    if (!dropping_) inbound_.push(std::move(complete));
  }
  if (!has_unread()) {
    kept_.reset();
  } else if (kept_.empty()) {
    keep();
  }
}

void wire_session::stream_ended() {
  stream_over_ = true;
  // The peer may still read the answer to its close frame.
  if (closing_.settled() && !outbound_.empty()) return;
  closing_.stream_ended();
}

void wire_session::stream_broke(error why) {
  if (!closing_.settled()) failure_ = std::move(why);
  outbound_.clear();
  stream_ended();
}

void wire_session::fail(close_code code, std::string reason, errc why) {
  if (closing_.settled()) return;
  failure_ = error(why, reason);
  partial_.reset();
  outbound_.drop_waiting();
  if (closing_.fail(code, reason, now_)) write_close(code, reason);
}

errc wire_session::send(const outgoing& m) {
  if (!closing_.is_open()) return errc::closed;
  if (m.bytes.size() > limits_.outbound_bytes()) return errc::message_too_big;
  if (!make_room(m)) {
    if (m.policy() == when_full::close) {
      outbound_.drop_waiting();
      if (totals_) totals_->dropped[static_cast<std::size_t>(drop_reason::closed)].add();
      close(close_code::try_again_later, "messages are read too slowly");
      return errc::closed;
    }
    if (m.policy() != when_full::wait) count_dropped(drop_reason::newest);
    return errc::queue_full;
  }
  if (congested_ || in_fragments_ || outbound_.has_waiting()) {
    outbound_.wait({.kind = m.kind,
                    .own = m.shared ? buffer() : buffer(m.bytes),
                    .shared = m.shared,
                    .key = m.options ? m.options->key() : std::string(),
                    .compress = m.compress()});
  } else {
    frame(m.kind, m.bytes, m.shared.get(), m.compress());
  }
  return errc::ok;
}

std::optional<frame_form> wire_session::form() const {
  if (self_ != role::server) return {};
  if (!compression_) return frame_form{};
  const deflating& out = compression_->out;
  if (out.terms().keeps_context) return {};
  return frame_form{&out.engine(), out.terms().window_bits, compression_->threshold};
}

bool wire_session::takes(const frame_block& block, std::size_t limit) const noexcept {
  return closing_.is_open() && !congested_ && !in_fragments_ && !outbound_.has_waiting() &&
         outbound_.size() + block.frames.size() <= std::min(limit, limits_.outbound_bytes());
}

void wire_session::add(const frame_block& block, std::size_t taken) {
  count_sent(block.payload, block.messages);
  if (taken == block.frames.size()) return;
  outbound_.tail().append(block.frames.subspan(taken));
}

bool wire_session::make_room(const outgoing& m) {
  const std::size_t limit = std::min(limits_.outbound_bytes(), m.options ? m.options->queue_limit() : SIZE_MAX);
  const auto fits = [&] {
    return outbound_.waiting() < limits_.outbound_messages() &&
           (outbound_.empty() || outbound_.size() + m.bytes.size() <= limit);
  };
  if (m.policy() == when_full::latest_per_key && outbound_.drop(m.options->key()))
    count_dropped(drop_reason::replaced);
  if (m.policy() == when_full::drop_oldest) {
    while (!fits() && outbound_.has_waiting()) {
      [[maybe_unused]] const waiting_message dropped = outbound_.pop();
      count_dropped(drop_reason::oldest);
    }
  }
  return fits();
}

void wire_session::frame(message_kind kind, std::span<const std::byte> bytes, const prepared_frames* shared,
                         bool compress) {
  count_sent(bytes.size(), 1);
  if (compression_ && compress && frame_compressed(kind, bytes, shared)) return;
  if (shared && self_ == role::server) {
    outbound_.tail().append(shared->server_frame());
  } else {
    writer_.message(outbound_.tail(), kind, bytes);
  }
}

errc wire_session::send_fragment(message_kind kind, std::span<const std::byte> bytes, bool first, bool last,
                                 bool compress) {
  if (!closing_.is_open()) return errc::closed;
  // Messages that were sent before it go first, and another one in fragments has to end first.
  if (first && (in_fragments_ || outbound_.has_waiting())) return errc::queue_full;
  if (congested_ && outbound_.bytes().size() + bytes.size() > fragment_backlog) return errc::queue_full;
  write_fragment(kind, bytes, first, last, compress);
  in_fragments_ = !last;
  count_sent(bytes.size(), last ? 1 : 0);
  if (last && heartbeat_is_held_) answer_heartbeat();
  if (last) refill();
  return errc::ok;
}

void wire_session::refill() {
  while (!congested_ && !in_fragments_ && outbound_.has_waiting() && outbound_.bytes().size() < refill_size) {
    const waiting_message next = outbound_.pop();
    frame(next.kind, next.bytes(), next.shared.get(), next.compress);
  }
}

std::uint64_t wire_session::ping(std::span<const std::byte> payload) {
  if (!closing_.is_open()) return last_ping_;
  writer_.ping(outbound_.tail(), ping_payload(++last_ping_, payload).bytes());
  pinged_ = now_;
  return last_ping_;
}

void wire_session::close(close_code code, std::string reason) {
  if (closing_.begin(code, reason, now_)) write_close(code, reason);
}

// What was sent before a close goes out before it, also what still waits.
void wire_session::write_close(close_code code, std::string_view reason) {
  while (outbound_.has_waiting() && !in_fragments_) {
    const waiting_message next = outbound_.pop();
    frame(next.kind, next.bytes(), next.shared.get(), next.compress);
  }
  // Nothing but control frames may stand within a message that is cut short.
  outbound_.drop_waiting();
  writer_.close(outbound_.tail(), code, reason);
}

void wire_session::abort() {
  stream_over_ = true;
  outbound_.clear();
  input_ = {};
  if (compression_) compression_->in.drop();
  piece_is_held_ = false;
  closing_.stream_ended(close_initiator::local);
}

void wire_session::on_time(time_point now) {
  now_ = now;
  if (closing_.is_closed()) return;
  if (now >= closing_.due()) {
    if (!closing_.settled())
      failure_ = error(errc::no_answer, "the closing handshake took longer than " +
                                            std::to_string(limits_.close_time().count()) + " ms");
    outbound_.clear();
    stream_ended();
    return;
  }
  if (!closing_.is_open()) return;
  if (now >= stalled()) {
    stream_broke(error(errc::no_answer, "the peer took nothing of what was sent for " +
                                            std::to_string(limits_.send_time().count()) + " ms"));
    return;
  }
  if (now >= later(used_, limits_.idle_time())) {
    close(close_code::going_away, "no message for " + std::to_string(limits_.idle_time().count()) + " ms");
    return;
  }
  // While nothing is read, nothing can be heard: that is our doing and not the peer's.
  if (has_unread()) heartbeat_.heard(now);
  switch (heartbeat_.on_time(now)) {
    case heartbeat::action::none:
      break;
    case heartbeat::action::ping:
      ping();
      break;
    case heartbeat::action::lost:
      stream_broke(error(errc::no_answer, "nothing was heard from the peer, and it did not answer a ping"));
      break;
  }
}

void wire_session::wrote(std::size_t count) {
  outbound_.taken(count);
  if (count > 0 || !congested_) moved_ = now_;
  congested_ = !outbound_.bytes().empty();
  refill();
  if (pong_is_held_ && outbound_.size() < pong_backlog) {
    pong_is_held_ = false;
    if (closing_.is_open()) writer_.pong(outbound_.tail(), held_pong_.bytes());
    held_pong_.reset();
  }
  if (heartbeat_is_held_ && !in_fragments_ && outbound_.size() < pong_backlog) answer_heartbeat();
  if (stream_over_ && outbound_.empty()) closing_.stream_ended();
}

// When a peer that does not read has had its time.
time_point wire_session::stalled() const noexcept {
  return congested_ ? later(moved_, limits_.send_time()) : time_point::max();
}

wants wire_session::wanted() const noexcept {
  wants w;
  if (closing_.is_closed()) {
    w.cut = true;
    return w;
  }
  w.read = !has_unread() && !stream_over_;
  w.write = !outbound_.empty();
  // The server ends the stream first (section 7.1.1); so does whoever fails the connection (section 7.1.7).
  w.end = closing_.settled() && (self_ == role::server || !closing_.info().clean);
  w.wake = closing_.is_open() ? std::min({heartbeat_.due(), stalled(), later(used_, limits_.idle_time())}) : closing_.due();
  return w;
}

error wire_session::failure() const {
  if (failure_) return *failure_;
  const close_info& info = closing_.info();
  std::string detail = std::to_string(static_cast<std::uint16_t>(info.code)) + " (" + std::string(describe(info.code)) + ")";
  if (!info.reason.empty()) detail += " " + info.reason;
  return {errc::closed, std::move(detail)};
}

}  // namespace twinsocket::detail
