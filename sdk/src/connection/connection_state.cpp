#include "connection/connection_state.hpp"

#include <utility>

#include "attempt.hpp"
#include "protocol/utf8.hpp"
#include "twinsocket/detail/trampoline.hpp"

namespace twinsocket::detail {

connection_state::~connection_state() { delete cross_thread_queue_.load(std::memory_order_relaxed); }

bool connection_state::is_sendable(const send_request& m) noexcept {
  if (m.shared) return m.shared->sendable();
  return m.kind == message_kind::binary || m.known_utf8 || is_valid_utf8(m.bytes);
}

send_result connection_state::outcome(errc code, std::size_t size) const {
  switch (code) {
    case errc::ok: return send_result(congested() ? send_status::queued : send_status::accepted);
    case errc::closed: return send_result(failure());
    default:
      return send_result(error(code, "a message of " + std::to_string(size) +
                                         " bytes, the limit of the send queue is " +
                                         std::to_string(outbound_limit_.load()) + " bytes and " +
                                         std::to_string(send_queue_messages_.load()) + " messages"));
  }
}

connection_state::cross_thread_message::cross_thread_message(const send_request& m)
    : message{.kind = m.kind, .own = m.shared ? buffer() : buffer(m.bytes), .shared = m.shared, .key = {}} {
  if (m.options) options = *m.options;
}

send_request connection_state::cross_thread_message::to_send() const noexcept {
  return {.kind = message.kind,
          .bytes = message.bytes(),
          .options = options ? &*options : nullptr,
          .shared = message.shared};
}

send_result connection_state::send_cross_thread(const send_request& m) {
  const std::size_t size = m.bytes.size();
  if (size > outbound_limit_) return outcome(errc::message_too_big, size);
  bool first = false;
  {
    cross_thread_queue& queue = ensure_cross_thread_queue();
    const std::scoped_lock lock(queue.mutex);
    if (cross_thread_queue_closed_) return send_result(error(errc::closed));
    if (queue.waiting_senders > 0 && m.policy() == overflow_policy::wait) return outcome(errc::queue_full, size);
    if (!queue.messages.empty() &&
        (queue.bytes + size > outbound_limit_ || queue.messages.size() >= send_queue_messages_))
      return outcome(errc::queue_full, size);
    first = queue.messages.empty();
    queue.messages.emplace_back(m);
    queue.bytes += size;
    has_cross_thread_messages_.store(true, std::memory_order_release);
  }
  if (first) own_loop_->post([self = shared_from_this()] { self->drain_cross_thread_queue(); });
  return send_result(send_status::queued);
}

// Several threads may get here first at the same time.
connection_state::cross_thread_queue& connection_state::ensure_cross_thread_queue() {
  if (cross_thread_queue* const existing = cross_thread_queue_.load()) return *existing;
  auto made = std::make_unique<cross_thread_queue>();
  cross_thread_queue* first = nullptr;
  return cross_thread_queue_.compare_exchange_strong(first, made.get()) ? *made.release() : *first;
}

void connection_state::drain_cross_thread_queue() {
  cross_thread_queue& queue = ensure_cross_thread_queue();
  const std::scoped_lock lock(queue.mutex);
  std::size_t sent = 0;
  for (const cross_thread_message& m : queue.messages) {
    const send_request next = m.to_send();
    if (push(next) == errc::queue_full && next.policy() == overflow_policy::wait) break;
    queue.bytes -= next.bytes.size();
    ++sent;
  }
  queue.messages.erase(queue.messages.begin(), queue.messages.begin() + static_cast<std::ptrdiff_t>(sent));
  has_cross_thread_messages_.store(!queue.messages.empty(), std::memory_order_relaxed);
}

void connection_state::close(close_code code, std::string_view reason) {
  if (!on_own_loop()) {
    own_loop_->post([self = shared_from_this(), code, reason = std::string(reason)] { self->close(code, reason); });
    return;
  }
  if (has_cross_thread_messages_.load(std::memory_order_acquire)) drain_cross_thread_queue();
  std::string text;
  // Closes without a reason if there is no memory for it.
  static_cast<void>(attempt([&] { text = reason; }));
  begin_close(code, std::move(text));
}

void connection_state::abort() {
  if (on_own_loop()) {
    close_stream();
  } else {
    own_loop_->post([self = shared_from_this()] { self->close_stream(); });
  }
}

void connection_state::abandon(close_code code, std::string_view reason) {
  if (!on_own_loop()) {
    own_loop_->post([self = shared_from_this(), code, reason = std::string(reason)] { self->abandon(code, reason); });
    return;
  }
  abandoned_ = true;
  close(code, reason);
  if (awaiters_ != 0) keep_alive_ = shared_from_this();
  notify(receivers_);
  notify_watchers();
}

error connection_state::receive_failure() const {
  if (abandoned_ && !settled()) return {errc::closed, "the connection object was destroyed"};
  return failure();
}

void connection_state::on_loop_end() {
  const auto self = weak_from_this().lock();
  release_loop();
  resume_all_waiters();
  // A subscription may outlive the loop and the connection object.
  if (awaiters_ != 0) keep_alive_ = self;
}

void connection_state::add_waiting_sender() {
  cross_thread_queue& queue = ensure_cross_thread_queue();
  const std::scoped_lock lock(queue.mutex);
  ++queue.waiting_senders;
}

void connection_state::remove_waiting_sender() noexcept {
  cross_thread_queue& queue = ensure_cross_thread_queue();
  const std::scoped_lock lock(queue.mutex);
  --queue.waiting_senders;
}

void connection_state::wait_to_receive(waiter& w, std::coroutine_handle<> coroutine) {
  w.set_waiting(coroutine);
  receivers_.push_back(w);
}

void connection_state::watch(waiter& w, std::coroutine_handle<> coroutine) {
  w.set_waiting(coroutine);
  watchers_.push_back(w);
}

void connection_state::watch_end(waiter& w, std::coroutine_handle<> coroutine) {
  w.set_waiting(coroutine);
  end_watchers_.push_back(w);
}

void connection_state::wait_to_send(waiter& w, std::coroutine_handle<> coroutine) {
  w.set_waiting(coroutine);
  senders_.push_back(w);
}

void connection_state::wait_to_send_at_front(waiter& w, std::coroutine_handle<> coroutine) {
  w.set_waiting(coroutine);
  senders_.push_front(w);
}

void connection_state::cancel_wait(waiter& w) { own_loop().resume(w); }

void connection_state::resume_receivers() {
  while (!receivers_.empty()) {
    waiter& first = receivers_.front();
    if (!first.ready()) return;
    own_loop().resume_now(first);
  }
}

void connection_state::resume_senders() {
  if (has_cross_thread_messages_.load(std::memory_order_acquire)) drain_cross_thread_queue();
  retrying_ = true;
  while (!senders_.empty() && senders_.front().ready()) {
    own_loop().resume(senders_.front());
  }
  retrying_ = false;
}

void connection_state::notify(waiters& all) {
  for (auto w = all.begin(); w != all.end();) {
    waiter& watcher = *w++;
    if (watcher.ready()) cancel_wait(watcher);
  }
}

void connection_state::notify_watchers() { notify(watchers_); }

void connection_state::resume_all_waiters() {
  // Set before cross_thread_queue_ is read, so that a thread that creates a cross-thread queue later finds it closed.
  cross_thread_queue_closed_ = true;
  if (cross_thread_queue* const queue = cross_thread_queue_.load()) {
    const std::scoped_lock lock(queue->mutex);
    queue->messages.clear();
    has_cross_thread_messages_.store(false, std::memory_order_relaxed);
  }
  resume_receivers();
  resume_senders();
  notify_watchers();
  notify(end_watchers_);
}

}  // namespace twinsocket::detail
