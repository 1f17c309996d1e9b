#include "connection/reconnecting_state.hpp"

// Sending: to the current connection, or into the offline queue for the next one.

#include <utility>

namespace twinsocket::detail {

namespace {

// At most this many bytes are queued in a connection ahead of the network, because they are lost if the connection is.
constexpr std::size_t max_connection_queue = 64 * kib;

const send_options& connection_send_options(bool compress) {
  static const send_options plain = send_options().queue_limit(max_connection_queue).compress(false);
  static const send_options compressed = send_options().queue_limit(max_connection_queue);
  return compress ? compressed : plain;
}

}  // namespace

errc reconnecting_state::send_to_connection(const send_request& m, const send_options& options) {
  const send_result sent =
      connection_->state().send({.kind = m.kind, .bytes = m.bytes, .options = &options, .shared = m.shared});
  congested_ = sent.status() != send_status::accepted;
  return sent ? errc::ok : sent.error().code();
}

errc reconnecting_state::push(const send_request& m) {
  if (!is_open()) return errc::closed;
  if (is_connected() && !sending_offline_queue_ && offline_queue_.empty()) {
    const errc code = send_to_connection(m, connection_send_options(m.compress()));
    if (code != errc::queue_full && code != errc::closed) return code;
  }
  congested_ = true;
  if (offline_queue_.push(m)) {
    start_sending_offline_queue();
    return errc::ok;
  }
  if (m.policy() == overflow_policy::close) {
    offline_queue_.drop_all();
    begin_close(close_code::try_again_later, "the offline queue is full");
    return errc::closed;
  }
  if (is_connected() && !sending_offline_queue_ && m.policy() == overflow_policy::wait &&
      !std::exchange(awaiting_drained_, true))
    spawn(await_drained(std::static_pointer_cast<reconnecting_state>(shared_from_this()), connection_));
  return errc::queue_full;
}

// For a message that is larger than the offline queue: it is sent directly once the connection has drained.
task<void> reconnecting_state::await_drained(self, shared_connection in) {
  [[maybe_unused]] const result<void> drained = co_await in->drained();
  awaiting_drained_ = false;
  resume_senders();
}

void reconnecting_state::start_sending_offline_queue() {
  if (!is_connected() || offline_queue_.empty() || std::exchange(sending_offline_queue_, true)) return;
  spawn(send_offline_queue(std::static_pointer_cast<reconnecting_state>(shared_from_this()), connection_));
}

task<void> reconnecting_state::send_offline_queue(self, shared_connection to) {
  while (is_connected() && connection_ == to && !offline_queue_.empty()) {
    in_flight_ = offline_queue_.take();
    in_flight_sent_ = false;
    const bool compress = in_flight_->compress;
    const message_kind kind = in_flight_->kind;
    const std::span<const std::byte> bytes = in_flight_->bytes();
    send_result sent = co_await send_awaiter(to->state(), kind, bytes, &connection_send_options(compress));
    queued_message m = std::move(*in_flight_);
    in_flight_.reset();
    if (sent || in_flight_sent_) {
      resume_senders();
    } else if (sent.error() == errc::message_too_big) {
      offline_queue_.count(m.bytes().size());
    } else {
      offline_queue_.requeue(std::move(m));
      break;
    }
  }
  sending_offline_queue_ = false;
  // A new connection may be open by now for the message that was put back.
  start_sending_offline_queue();
  resume_senders();
}

// Messages that were sent before close() are sent before the close frame.
void reconnecting_state::flush_offline_queue() {
  const auto hand = [this](const queued_message& m) {
    // This send must not wait: send_offline_queue() may already wait with the message in hand, and these messages may go before
    // it.
    const send_options options = send_options().compress(m.compress).overflow_policy(overflow_policy::drop_newest);
    const errc code =
        send_to_connection({.kind = m.kind, .bytes = m.bytes(), .options = nullptr, .shared = m.shared}, options);
    if (code != errc::ok) offline_queue_.count(m.bytes().size());
  };
  if (in_flight_ && !std::exchange(in_flight_sent_, true)) hand(*in_flight_);
  while (!offline_queue_.empty()) hand(offline_queue_.take());
}

std::size_t reconnecting_state::buffered() const noexcept {
  return offline_queue_.bytes() + (in_flight_ ? in_flight_->bytes().size() : 0) +
         (connection_ ? connection_->buffered_amount() : 0);
}

}  // namespace twinsocket::detail
