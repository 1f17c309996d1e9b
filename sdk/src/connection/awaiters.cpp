#include "twinsocket/detail/awaiters.hpp"

#include "connection/connection_state.hpp"
#include "protocol/known_utf8.hpp"

namespace twinsocket::detail {

waiter::waiter(connection_state& connection) noexcept
    : connection_(connection.on_own_loop() ? &connection : nullptr),
      loop_ended_(!connection_ && connection.loop_ended()) {
  if (connection_) connection_->add_awaiter();
}

waiter::~waiter() {
  if (connection_) connection_->remove_awaiter();
}

error waiter::wrong_loop_error(const char* operation) const {
  if (loop_ended_) return {errc::closed, "the connection's event loop has ended"};
  return {errc::wrong_thread, operation};
}

bool receive_awaiter::ready() {
  if (state().is_abandoned()) return true;
  has_received_ = state().next(received_);
  return has_received_ || state().settled();
}

void receive_awaiter::await_suspend(std::coroutine_handle<> waiting) { state().wait_to_receive(*this, waiting); }

result<message> receive_awaiter::await_resume() {
  if (has_received_) return std::move(received_);
  if (!on_own_loop()) return wrong_loop_error("receive()");
  return state().receive_failure();
}

bool timed_receive_awaiter::await_ready() {
  if (receive_awaiter::await_ready()) return true;
  if (options_.cancellation().cancelled()) end(errc::cancelled);
  return reason() != errc::ok;
}

void timed_receive_awaiter::await_suspend(std::coroutine_handle<> waiting) {
  receive_awaiter::await_suspend(waiting);
  const auto& limit = options_.timeout();
  start(limit ? add_saturating(loop::current()->now(), *limit) : time_point::max(), options_.cancellation());
}

result<message> timed_receive_awaiter::await_resume() {
  if (reason() == errc::timed_out) {
    const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(*options_.timeout());
    return error(errc::timed_out, "no message arrived within " + std::to_string(limit.count()) + " ms");
  }
  if (reason() == errc::cancelled) return error(errc::cancelled, "waiting for a message");
  return receive_awaiter::await_resume();
}

void timed_receive_awaiter::on_timeout_or_cancel() {
  if (waiter::is_linked()) state().cancel_wait(*this);
}

/// A send that waits for room in the queue, with a copy of the message.
class send_awaiter::waiting_send final : public waiter {
 public:
  /// `own`: the message, if it may be moved from.
  waiting_send(connection_state& connection, const send_request& m, message* own);

  [[nodiscard]] send_request to_send() const noexcept {
    return {.kind = shared_ ? shared_->kind() : own_.kind(),
            .bytes = shared_ ? shared_->payload() : own_.bytes(),
            .options = options_ ? &*options_ : nullptr,
            .shared = shared_};
  }
  void suspend(std::coroutine_handle<> waiting);
  [[nodiscard]] send_result resume();

 private:
  [[nodiscard]] bool ready() override;

  message own_;
  std::shared_ptr<const prepared_frames> shared_;
  std::optional<send_options> options_;
  std::optional<remote_call<send_result>> remote_;  // Set if the connection belongs to another thread.
  send_result outcome_{send_status::accepted};
};

void send_awaiter::deleter::operator()(waiting_send* one) const noexcept { delete one; }

namespace {

task<send_result> send_remotely(std::shared_ptr<connection_state> connection, message own,
                                std::shared_ptr<const prepared_frames> shared, std::optional<send_options> options,
                                waiting_sender_guard) {
  const send_options* const how = options ? &*options : nullptr;
  if (shared) {
    send_awaiter sending(*connection, prepared_message(std::move(shared)), how);
    co_return co_await sending;
  }
  send_awaiter sending(*connection, result<message>(std::move(own)), how);
  co_return co_await sending;
}

task<result<void>> drain_remotely(std::shared_ptr<connection_state> connection, std::size_t rest) {
  drained_awaiter draining(*connection, rest);
  co_return co_await draining;
}

task<close_info> close_remotely(std::shared_ptr<connection_state> connection) {
  close_awaiter closing(*connection);
  co_return co_await closing;
}

}  // namespace

send_awaiter::send_awaiter(connection_state& connection, message_kind kind, std::span<const std::byte> bytes,
                           const send_options* options) {
  if (connection.on_own_loop() && !options && connection.send_at_once(kind, bytes, false)) return;
  begin(connection, {.kind = kind, .bytes = bytes, .options = options}, nullptr);
}

send_awaiter::send_awaiter(connection_state& connection, const message& m, const send_options* options) {
  const bool known = known_utf8::is_set(m);
  if (connection.on_own_loop() && !options && connection.send_at_once(m.kind(), m.bytes(), known)) return;
  begin(connection, {.kind = m.kind(), .bytes = m.bytes(), .options = options, .known_utf8 = known}, nullptr);
}

send_awaiter::send_awaiter(connection_state& connection, const prepared_message& prepared,
                           const send_options* options) {
  begin(connection,
        {.kind = prepared.kind(), .bytes = prepared.bytes(), .options = options, .shared = prepared.frames()}, nullptr);
}

send_awaiter::send_awaiter(connection_state& connection, result<message> encoded, const send_options* options) {
  if (encoded) {
    begin(connection,
          {.kind = encoded->kind(),
           .bytes = encoded->bytes(),
           .options = options,
           .known_utf8 = known_utf8::is_set(*encoded)},
          &*encoded);
  } else {
    outcome_ = std::move(encoded).error();
  }
}

void send_awaiter::begin(connection_state& connection, const send_request& m, message* own) {
  if (!connection_state::is_sendable(m)) {
    outcome_ = error(errc::invalid_utf8, "a text message of " + std::to_string(m.bytes.size()) + " bytes");
    return;
  }
  if (connection.on_own_loop()) {
    const errc code = connection.send_in_order(m);
    // Then outcome_ is right as it is.
    if (code == errc::ok && !connection.congested()) return;
    outcome_ = connection.outcome(code, m.bytes.size());
  } else {
    outcome_ = connection.send_cross_thread(m);
  }
  if (outcome_ || outcome_.error() != errc::queue_full || m.policy() != overflow_policy::wait) return;
  waiting_.reset(new waiting_send(connection, m, own));
}

send_awaiter::waiting_send::waiting_send(connection_state& connection, const send_request& m, message* own)
    : waiter(connection), shared_(m.shared) {
  if (!m.shared) own_ = own ? std::move(*own) : message(m.kind, m.bytes);
  if (m.options) options_ = *m.options;
  if (on_own_loop()) return;
  remote_.emplace(connection.event_loop_handle(),
                  send_remotely(connection.shared_from_this(), std::move(own_), std::move(shared_), std::move(options_),
                                waiting_sender_guard(connection.shared_from_this())));
}

bool send_awaiter::waiting_send::ready() {
  const send_request m = to_send();
  outcome_ = state().send(m);
  return outcome_ || outcome_.error() != errc::queue_full;
}

void send_awaiter::waiting_send::suspend(std::coroutine_handle<> waiting) {
  if (remote_) return remote_->await_suspend(waiting);
  state().wait_to_send(*this, waiting);
}

send_result send_awaiter::waiting_send::resume() {
  if (remote_) return remote_->await_resume().value_or(send_result(error(errc::closed)));
  return std::move(outcome_);
}

void send_awaiter::await_suspend(std::coroutine_handle<> waiting) { waiting_->suspend(waiting); }

send_result send_awaiter::await_resume() { return waiting_ ? waiting_->resume() : std::move(outcome_); }

drained_awaiter::drained_awaiter(connection_state& connection, std::size_t rest) : waiter(connection), rest_(rest) {
  if (!on_own_loop())
    remote_ = std::make_unique<remote_call<result<void>>>(connection.event_loop_handle(),
                                                          drain_remotely(connection.shared_from_this(), rest));
}

bool drained_awaiter::await_ready() const noexcept {
  if (remote_) return remote_->await_ready();
  return state().settled() || state().is_drained_to(rest_);
}

void drained_awaiter::await_suspend(std::coroutine_handle<> waiting) {
  if (remote_) return remote_->await_suspend(waiting);
  state().watch(*this, waiting);
  state().watch_drain();
}

result<void> drained_awaiter::await_resume() {
  if (remote_) return remote_->await_resume().value_or(result<void>(error(errc::closed)));
  if (state().settled()) return state().failure();
  return {};
}

// A settled connection does not change any more, so any thread may read it.
close_awaiter::close_awaiter(connection_state& connection) : waiter(connection) {
  if (!on_own_loop()) remote_connection_ = connection.shared_from_this();
}

bool close_awaiter::await_ready() const noexcept {
  return on_own_loop() ? state().settled() : remote_connection_->loop_ended();
}

void close_awaiter::await_suspend(std::coroutine_handle<> waiting) {
  if (on_own_loop()) return state().watch(*this, waiting);
  remote_ = std::make_unique<remote_call<close_info>>(remote_connection_->event_loop_handle(),
                                                      close_remotely(remote_connection_));
  remote_->await_suspend(waiting);
}

close_info close_awaiter::await_resume() {
  if (remote_)
    if (auto info = remote_->await_resume()) return std::move(*info);
  return on_own_loop() ? state().info() : remote_connection_->info();
}

}  // namespace twinsocket::detail
