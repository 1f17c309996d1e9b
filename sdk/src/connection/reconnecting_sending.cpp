#include "connection/reconnecting_state.hpp"

// Sending: to the current connection, or into the offline queue for the next one.

#include <utility>

namespace twinsocket::detail {

namespace {

// At most this many bytes are queued in a connection ahead of the network, because they are lost if the connection is.
constexpr std::size_t held_by_connection = 64 * kib;

const send_options& bounded(bool compress) {
  static const send_options plain = send_options().queue_limit(held_by_connection).compress(false);
  static const send_options compressed = send_options().queue_limit(held_by_connection);
  return compress ? compressed : plain;
}

}  // namespace

errc reconnecting_state::hand_over(const outgoing& m, const send_options& options) {
  const send_result sent =
      inner_->state().send({.kind = m.kind, .bytes = m.bytes, .options = &options, .shared = m.shared});
  congested_ = sent.status() != send_status::accepted;
  return sent ? errc::ok : sent.error().code();
}

errc reconnecting_state::push(const outgoing& m) {
  if (!is_open()) return errc::closed;
  if (up() && !sending_kept_ && unsent_.empty()) {
    const errc code = hand_over(m, bounded(m.compress()));
    if (code != errc::queue_full && code != errc::closed) return code;
  }
  congested_ = true;
  if (unsent_.keep(m)) {
    begin_to_send_kept();
    return errc::ok;
  }
  if (m.policy() == when_full::close) {
    unsent_.drop_all();
    begin_close(close_code::try_again_later, "the offline queue is full");
    return errc::closed;
  }
  if (up() && !sending_kept_ && m.policy() == when_full::wait && !std::exchange(awaiting_room_, true))
    spawn(await_room(std::static_pointer_cast<reconnecting_state>(shared_from_this()), inner_));
  return errc::queue_full;
}

// For a message that is larger than the offline queue: it is sent directly once the connection has drained.
task<void> reconnecting_state::await_room(self, shared_connection in) {
  [[maybe_unused]] const result<void> drained = co_await in->drained();
  awaiting_room_ = false;
  retry_senders();
}

void reconnecting_state::begin_to_send_kept() {
  if (!up() || unsent_.empty() || std::exchange(sending_kept_, true)) return;
  spawn(send_kept(std::static_pointer_cast<reconnecting_state>(shared_from_this()), inner_));
}

task<void> reconnecting_state::send_kept(self, shared_connection to) {
  while (up() && inner_ == to && !unsent_.empty()) {
    in_hand_ = unsent_.take();
    in_hand_is_out_ = false;
    const bool compress = in_hand_->compress;
    const message_kind kind = in_hand_->kind;
    const std::span<const std::byte> bytes = in_hand_->bytes();
    send_result sent = co_await send_awaiter(to->state(), kind, bytes, &bounded(compress));
    waiting_message m = std::move(*in_hand_);
    in_hand_.reset();
    if (sent || in_hand_is_out_) {
      retry_senders();
    } else if (sent.error() == errc::message_too_big) {
      unsent_.count(m.bytes().size());
    } else {
      unsent_.put_back(std::move(m));
      break;
    }
  }
  sending_kept_ = false;
  // A new connection may be open by now for the message that was put back.
  begin_to_send_kept();
  retry_senders();
}

// Messages that were sent before close() are sent before the close frame.
void reconnecting_state::hand_over_kept() {
  const auto hand = [this](const waiting_message& m) {
    // This send must not wait: send_kept() may already wait with the message in hand, and these messages may go before
    // it.
    const send_options options = send_options().compress(m.compress).when_full(when_full::drop_newest);
    const errc code = hand_over({.kind = m.kind, .bytes = m.bytes(), .options = nullptr, .shared = m.shared}, options);
    if (code != errc::ok) unsent_.count(m.bytes().size());
  };
  if (in_hand_ && !std::exchange(in_hand_is_out_, true)) hand(*in_hand_);
  while (!unsent_.empty()) hand(unsent_.take());
}

std::size_t reconnecting_state::buffered() const noexcept {
  return unsent_.bytes() + (in_hand_ ? in_hand_->bytes().size() : 0) + (inner_ ? inner_->buffered_amount() : 0);
}

}  // namespace twinsocket::detail
