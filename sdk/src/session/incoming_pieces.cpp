#include "session/incoming.hpp"

// Messages that are taken in pieces, as they arrive.

#include <utility>

namespace twinsocket::detail {

incoming::found incoming::next_piece(message_piece& out, event& control, time_point now) {
  if (!has(pieces_mode)) {
    pieces_ = std::make_unique<pieces>();
    set(pieces_mode, true);
  }
  if (std::exchange(pieces_->has_held, false)) {
    count(pieces_->held.size(), pieces_->held_last, now);
  } else if (has(queued)) {
    const message whole = pop();  // Already counted.
    hold(whole.kind(), whole.bytes(), true);
  } else if (has_partial()) {
    buffer& partial = backlog_->partial;
    count(partial.size(), false, now);
    hold(backlog_->partial_kind, partial.bytes(), false);
    partial.reset();
  } else {
    const found what = find_data(control);
    if (what != found::data) return what;
    count(control.bytes.size(), control.last, now);
    hold(control.kind, control.bytes, control.last);
  }
  // The held buffer becomes free for the next piece, which release() may find while this one is still in use.
  pieces_->given = std::move(pieces_->held);
  out = {.kind = pieces_->held_kind, .last = pieces_->held_last, .bytes = pieces_->given.bytes()};
  pieces_->begun = !out.last;
  return found::data;
}

// A call of next() discards the rest of a message that was begun in pieces. A message of which no piece was returned is
// delivered whole.
void incoming::end_pieces(time_point now) {
  const std::unique_ptr<pieces> ended = std::move(pieces_);
  set(pieces_mode, false);
  if (ended->has_held) {
    if (ended->begun) {
      count(ended->held.size(), ended->held_last, now);
      ended->begun = !ended->held_last;
    } else if (ended->held_last) {
      count(ended->held.size(), true, now);
      push(message(ended->held_kind, std::move(ended->held)));
    } else {
      backlog& held = ensure_backlog();
      held.partial = std::move(ended->held);
      held.partial_kind = ended->held_kind;
    }
  }
  if (ended->begun) set(skipping, true);
}

void incoming::hold(message_kind kind, std::span<const std::byte> bytes, bool last) {
  pieces_->held.clear();
  pieces_->held.append(bytes);
  pieces_->held_kind = kind;
  pieces_->held_last = last;
}

// What release() does with messages once this side has closed: pieces of the held message are appended to it, up to the
// limit, and the rest is dropped.
incoming::found incoming::drop_pieces(event& control) {
  for (;;) {
    const found what = find_data(control);
    if (what != found::data) return what;
    if (pieces_->has_held && !pieces_->held_last &&
        pieces_->held.size() + control.bytes.size() <= current_limits().receive_queue_bytes()) {
      pieces_->held.append(control.bytes);
      pieces_->held_last = control.last;
    } else {
      set(dropping, true);
    }
  }
}

}  // namespace twinsocket::detail
