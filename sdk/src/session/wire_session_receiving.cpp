#include "session/wire_session.hpp"

// Receiving: from bytes to messages or pieces of them.

#include <cstring>
#include <utility>

#include "session/application_heartbeat.hpp"

namespace twinsocket::detail {

void wire_session::feed(std::span<std::byte> bytes, time_point now) {
  set_time(now);
  keepalive_timer_.on_input(now);
  if (closing_.settled()) dropped_ += bytes.size();
  buffered_input_.reset();
  input_ = bytes;
}

bool wire_session::next(message& out) {
  if (pieces_) end_pieces();
  if (!receive_queue_.empty()) {
    out = receive_queue_.pop();
    return true;
  }
  return assemble(out);
}

event wire_session::read() { return compression_ ? read_compressed() : read_frames(); }

// The next event. Control frames are answered here.
event wire_session::read_frames() {
  const event found = reader_.next(input_);
  switch (found.what) {
    case event::type::ping:
      answer_ping(found.bytes);
      if (hooks_ && hooks_->on_ping) hooks_->on_ping(found.bytes);
      break;
    case event::type::pong: handle_pong(found.bytes); break;
    case event::type::close: handle_close(found.code, std::string(found.reason)); break;
    case event::type::violation: fail(found.code, std::string(found.reason), found.why); break;
    case event::type::piece:
    case event::type::more: break;
  }
  return found;
}

// Reads on to the next piece that is to be delivered.
bool wire_session::next_data(event& out) {
  while (has_unread()) {
    out = read();
    if (out.what != event::type::piece || discarding_) continue;
    if (skip_rest_) {
      skip_rest_ = !out.last;
      piece_open_ = skip_rest_;
      continue;
    }
    if (heartbeats_ && out.first && out.last && is_heartbeat(out.kind, out.bytes)) {
      answer_heartbeat();
      continue;
    }
    return true;
  }
  buffered_input_.reset();
  return false;
}

bool wire_session::assemble(message& out) {
  event found;
  while (next_data(found))
    if (append_piece(found, out)) return true;
  return false;
}

bool wire_session::append_piece(const event& piece, message& out) {
  if (piece.first && piece.last) {
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
  if (!pieces_) pieces_ = std::make_unique<pieces>();
  event found;
  if (std::exchange(pieces_->has_held, false)) {
    count_received(pieces_->held.size(), pieces_->held_last);
  } else if (!receive_queue_.empty()) {
    const message whole = receive_queue_.pop();  // Already counted.
    hold(whole.kind(), whole.bytes(), true);
  } else if (!partial_.empty()) {
    count_received(partial_.size(), false);
    hold(partial_kind_, partial_.bytes(), false);
    partial_.reset();
  } else if (next_data(found)) {
    count_received(found.bytes.size(), found.last);
    hold(found.kind, found.bytes, found.last);
  } else {
    return false;
  }
  // The held buffer becomes free for the next piece, which release_input() may find while this one is still in use.
  pieces_->given = std::move(pieces_->held);
  out = {.kind = pieces_->held_kind, .last = pieces_->held_last, .bytes = pieces_->given.bytes()};
  piece_open_ = !out.last;
  return true;
}

// A call of next() discards the rest of a message that was begun in pieces. A message of which no piece was returned is
// delivered whole.
void wire_session::end_pieces() {
  const std::unique_ptr<pieces> ended = std::move(pieces_);
  if (ended->has_held) {
    if (piece_open_) {
      count_received(ended->held.size(), ended->held_last);
      piece_open_ = !ended->held_last;
    } else if (ended->held_last) {
      receive_queue_.push(complete(message(ended->held_kind, std::move(ended->held))));
    } else {
      partial_ = std::move(ended->held);
      partial_kind_ = ended->held_kind;
    }
  }
  skip_rest_ = piece_open_;
}

void wire_session::hold(message_kind kind, std::span<const std::byte> bytes, bool last) {
  pieces_->held.clear();
  pieces_->held.append(bytes);
  pieces_->held_kind = kind;
  pieces_->held_last = last;
}

message wire_session::complete(message m) {
  count_received(m.size(), true);
  return m;
}

// A message or piece is counted when it is handed out, so no count ever has to be corrected.
void wire_session::count_received(std::size_t bytes, bool last) {
  last_message_time_ = now_;
  counters_.bytes_received += bytes;
  if (last) ++counters_.messages_received;
  if (!metrics_) return;
  metrics_->bytes_received.add(bytes);
  if (last) metrics_->messages_received.add();
}

void wire_session::handle_pong(std::span<const std::byte> payload) {
  std::uint64_t number = 0;
  if (payload.size() >= sizeof number) std::memcpy(&number, payload.data(), sizeof number);
  const bool answers = number > answered_ping_ && number <= last_ping_;
  if (answers) {
    // The answer to a later ping also answers earlier ones (RFC 6455 section 5.5.3).
    answered_ping_ = number;
    if (number == last_ping_) {
      counters_.round_trip = now_ - last_ping_time_;
      if (metrics_) metrics_->pings.add(now_ - last_ping_time_);
    }
  }
  if (hooks_ && hooks_->on_pong) hooks_->on_pong(answers ? payload.subspan(sizeof number) : payload);
}

// The hook may still send, and may close. In that case its close frame is the answer, and info() still reports the peer's
// code and reason.
void wire_session::handle_close(close_code code, std::string reason) {
  const bool was_open = closing_.is_open();
  if (was_open && hooks_ && hooks_->on_close) {
    const auto tell = hooks_->on_close;
    tell({code, reason, true, close_initiator::remote});
  }
  if (closing_.peer_closed(code, reason, now_, was_open && !closing_.is_open())) write_close(code, reason);
}

void wire_session::release_input() {
  event piece;
  // Queued messages are delivered first.
  if (pieces_ && !pieces_->has_held && receive_queue_.empty() && partial_.empty() && next_data(piece)) {
    hold(piece.kind, piece.bytes, piece.last);
    pieces_->has_held = true;
  }
  message complete;
  // Once this side has closed, messages beyond the limit are dropped, because the peer's close frame comes after them.
  // From the first one without room on, all of them are dropped.
  while (!pieces_ && has_unread() && (!receive_queue_.full() || !closing_.is_open())) {
    if (!assemble(complete)) break;
    discarding_ = receive_queue_.full();
    if (!discarding_) receive_queue_.push(std::move(complete));
  }
  if (pieces_ && !closing_.is_open()) drop_pieces();
  if (!has_unread()) {
    buffered_input_.reset();
  } else if (buffered_input_.empty()) {
    keep();
  }
  watch_arrival();
}

// The same for pieces: those of the held message are appended to it, up to the limit.
void wire_session::drop_pieces() {
  event piece;
  while (next_data(piece)) {
    const bool joins =
        pieces_->has_held && !pieces_->held_last && pieces_->held.size() + piece.bytes.size() <= receive_queue_.limit();
    if (joins) {
      pieces_->held.append(piece.bytes);
      pieces_->held_last = piece.last;
    } else {
      discarding_ = true;
    }
  }
}

void wire_session::fail_slow_message() {
  std::string limit = std::to_string(deadline_.timeout().count()) + " ms";
  if (deadline_.rate() != 0) limit += " and 1 s for each " + std::to_string(deadline_.rate()) + " bytes";
  const std::string what = reader_.is_in_message() ? std::to_string(reader_.payload_received()) + " bytes of a message"
                                                   : std::string("a part of a frame");
  reader_.stop();
  fail(close_code::policy_violation,
       what + " came in " + std::to_string(deadline_.elapsed(now_).count()) + " ms; the limit is " + limit,
       errc::peer_timeout);
}

}  // namespace twinsocket::detail
