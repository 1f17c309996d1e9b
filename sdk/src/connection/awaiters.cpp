#include "twinsocket/detail/awaiters.hpp"

#include "connection/connection_state.hpp"

namespace twinsocket::detail {

bool receive_awaiter::await_ready() { return receive_awaiter::ready(); }

bool receive_awaiter::ready() {
  message received;
  if (!connection_->next(received)) return connection_->settled();
  received_ = std::move(received);
  return true;
}

void receive_awaiter::await_suspend(std::coroutine_handle<> waiting) { connection_->wait_to_receive(*this, waiting); }

result<message> receive_awaiter::await_resume() {
  if (!received_) return connection_->failure();
  return std::move(*received_);
}

bool limited_receive_awaiter::await_ready() {
  if (receive_awaiter::await_ready()) return true;
  if (options_.stop() && options_.stop()->cancelled()) given_up_ = errc::cancelled;
  return given_up_ != errc::ok;
}

void limited_receive_awaiter::await_suspend(std::coroutine_handle<> waiting) {
  receive_awaiter::await_suspend(waiting);
  loop& home = *loop::current();
  if (options_.time_limit()) home.arm(*this, later(home.now(), *options_.time_limit()));
  if (options_.stop()) options_.stop()->add(*this);
}

result<message> limited_receive_awaiter::await_resume() {
  if (given_up_ == errc::timed_out) {
    const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(*options_.time_limit());
    return error(errc::timed_out, "no message came within " + std::to_string(limit.count()) + " ms");
  }
  if (given_up_ == errc::cancelled) return error(errc::cancelled, "waiting for a message");
  return receive_awaiter::await_resume();
}

void limited_receive_awaiter::on_time(time_point) { give_up(errc::timed_out); }

void limited_receive_awaiter::on_cancel() { give_up(errc::cancelled); }

void limited_receive_awaiter::give_up(errc why) {
  // A message that has come in this very turn is not given away.
  if (!waiter::is_linked()) return;
  given_up_ = why;
  connection_->give_up(*this);
}

send_awaiter::send_awaiter(connection_state& connection, message_kind kind, std::span<const std::byte> bytes,
                           const send_options* options)
    : waiter(connection), kind_(kind), bytes_(bytes), options_(options) {
  begin();
}

send_awaiter::send_awaiter(connection_state& connection, const prepared_message& prepared, const send_options* options)
    : waiter(connection), kind_(prepared.kind()), bytes_(prepared.bytes()), options_(options), shared_(prepared.frames()) {
  begin();
}

send_awaiter::send_awaiter(connection_state& connection, result<message> encoded, const send_options* options)
    : waiter(connection), kind_(message_kind::text), options_(options) {
  if (!encoded) {
    outcome_ = std::move(encoded).error();
    return;
  }
  owned_ = std::move(*encoded);
  kind_ = owned_.kind();
  bytes_ = owned_.bytes();
  begin();
}

void send_awaiter::begin() {
  if (connection_state::is_sendable({.kind = kind_, .bytes = bytes_, .shared = shared_})) {
    full_ = !send_awaiter::ready();
  } else {
    outcome_ = error(errc::invalid_utf8, "a text message of " + std::to_string(bytes_.size()) + " bytes");
  }
}

bool send_awaiter::ready() {
  const outgoing m{.kind = kind_, .bytes = bytes_, .options = options_, .shared = shared_};
  outcome_ = connection_->send(m);
  return outcome_ || outcome_.error() != errc::queue_full || m.policy() != when_full::wait;
}

void send_awaiter::await_suspend(std::coroutine_handle<> waiting) { connection_->wait_to_send(*this, waiting); }

bool drained_awaiter::await_ready() const noexcept {
  return connection_->settled() || connection_->has_drained_to(rest_);
}

void drained_awaiter::await_suspend(std::coroutine_handle<> waiting) {
  connection_->watch(*this, waiting);
  connection_->watch_drain();
}

result<void> drained_awaiter::await_resume() const {
  if (connection_->settled()) return connection_->failure();
  return {};
}

bool close_awaiter::await_ready() const noexcept { return connection_->settled(); }

void close_awaiter::await_suspend(std::coroutine_handle<> waiting) { connection_->watch(*this, waiting); }

close_info close_awaiter::await_resume() const { return connection_->info(); }

}  // namespace twinsocket::detail
