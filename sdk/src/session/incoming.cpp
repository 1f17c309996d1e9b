#include "session/incoming.hpp"

// Whole messages, and what all input goes through. Pieces are in incoming_pieces.cpp.

#include <utility>

#include "protocol/known_utf8.hpp"
#include "session/application_heartbeat.hpp"

namespace twinsocket::detail {

incoming::incoming(role self, const shared_limits& values, const compression_setup& compression, bool heartbeats,
                   session_metrics* metrics)
    : heartbeats_(heartbeats),
      metrics_(metrics),
      reader_({.self = self, .limits = values, .allow_compressed = compression.engine != nullptr}) {
  if (compression.engine)
    inflater_ = std::make_unique<message_inflater>(
        *compression.engine, compression.agreed.of(self == role::server ? role::client : role::server),
        inflate_limits{values->max_message_size(), values->max_inflate_ratio()});
}

void incoming::set_limits(const shared_limits& values) noexcept {
  reader_.set_limits(values);
  if (backlog_) backlog_->queue.set_limit(values->receive_queue_bytes());
  if (inflater_) inflater_->set_limits({values->max_message_size(), values->max_inflate_ratio()});
}

bool incoming::begins_like_heartbeat() const noexcept {
  return input_.size() > 1 && (input_[1] & std::byte{0x7f}) == std::byte{heartbeat_text.size()};
}

incoming::backlog& incoming::ensure_backlog() {
  if (!backlog_) backlog_ = std::make_unique<backlog>(current_limits().receive_queue_bytes());
  return *backlog_;
}

message incoming::pop() {
  message oldest = backlog_->queue.pop();
  set(queued, !backlog_->queue.empty());
  return oldest;
}

void incoming::push(message complete) {
  ensure_backlog().queue.push(std::move(complete));
  set(queued, true);
}

incoming::found incoming::next(message& out, event& control, time_point now) {
  if (has(pieces_mode)) end_pieces(now);
  if (!has(queued)) return assemble(out, control, now);
  out = pop();
  return found::data;
}

incoming::found incoming::assemble(message& out, event& piece, time_point now) {
  if (take(out, now)) return found::data;
  for (;;) {
    const found what = find_data(piece);
    if (what != found::data) return what;
    if (piece.first && piece.last) {
      out = message(piece.kind, buffer(piece.bytes));
    } else {
      backlog& held = ensure_backlog();
      held.partial.append(piece.bytes);
      held.partial_kind = piece.kind;
      if (!piece.last) continue;
      out = message(piece.kind, std::move(held.partial));
    }
    known_utf8::set(out);
    count(out.size(), true, now);
    return found::data;
  }
}

// The next piece that is to be delivered.
incoming::found incoming::find_data(event& out) {
  while (has_unread()) {
    out = read();
    if (out.what == event::type::more) continue;
    if (out.what != event::type::piece) return found::control;
    if (has(dropping)) continue;
    if (has(skipping)) {
      set(skipping, !out.last);
      continue;
    }
    if (heartbeats_ && out.first && out.last && is_heartbeat(out.kind, out.bytes)) return found::heartbeat;
    return found::data;
  }
  release_kept_input();
  return found::nothing;
}

// The next event, with compressed pieces inflated.
event incoming::read() {
  if (!inflater_) return reader_.next(input_);
  if (!has(inflating)) {
    const event next = reader_.next(input_);
    if (!next.compressed) return next;
    inflater_->take(next);
    set(inflating, true);
  }
  const event next = inflater_->next();
  set(inflating, inflater_->pending());
  if (next.what == event::type::violation) reader_.stop();
  return next;
}

incoming::found incoming::release(bool open, event& control, time_point now) {
  // Queued messages are delivered first.
  if (has(pieces_mode) && !pieces_->has_held && !has(queued) && !has_partial()) {
    const found what = find_data(control);
    if (what > found::data) return what;
    if (what == found::data) {
      hold(control.kind, control.bytes, control.last);
      pieces_->has_held = true;
    }
  }
  // Once this side has closed, messages beyond the limit are dropped: from the first one without room on, all of them.
  message complete;
  while (!has(pieces_mode) && has_unread() && (!is_queue_full() || !open)) {
    const found what = assemble(complete, control, now);
    if (what > found::data) return what;
    if (what == found::nothing) break;
    if (is_queue_full()) {
      set(dropping, true);
    } else {
      push(std::move(complete));
    }
  }
  if (has(pieces_mode) && !open) {
    const found what = drop_pieces(control);
    if (what > found::data) return what;
  }
  if (!has_unread()) {
    release_kept_input();
  } else if (ensure_backlog().input.empty()) {
    keep_input();
  }
  watch_arrival(now);
  return found::nothing;
}

// Copies the caller's input. The bytes that are being inflated come before the unread input.
void incoming::keep_input() {
  const auto unused = inflater_ ? inflater_->unused() : std::span<const std::byte>();
  const std::size_t before = unused.size();
  buffer& kept = backlog_->input;
  kept.append(unused);
  kept.append(input_);
  input_ = kept.bytes().subspan(before);
  if (before > 0) inflater_->moved_to(kept.data());
}

void incoming::stop() noexcept {
  reader_.stop();
  fail();
}

void incoming::discard_input() noexcept {
  input_ = {};
  if (inflater_) inflater_->drop();
  set(inflating, false);
  if (pieces_) pieces_->has_held = false;
}

std::string incoming::describe_delay(time_point now) const {
  std::string limit = std::to_string(current_limits().message_timeout().count()) + " ms";
  const std::size_t rate = current_limits().min_message_rate();
  if (rate != 0) limit += " and 1 s for each " + std::to_string(rate) + " bytes";
  const std::string what = reader_.is_in_message() ? std::to_string(reader_.payload_received()) + " bytes of a message"
                                                   : std::string("a part of a frame");
  return what + " came in " + std::to_string(deadline_.elapsed(now).count()) + " ms; the limit is " + limit;
}

}  // namespace twinsocket::detail
