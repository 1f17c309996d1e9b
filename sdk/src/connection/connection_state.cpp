#include "connection/connection_state.hpp"

#include <utility>

#include "attempt.hpp"
#include "protocol/utf8.hpp"
#include "twinsocket/detail/trampoline.hpp"

namespace twinsocket::detail {

connection_state::~connection_state() { delete mailbox_.load(std::memory_order_relaxed); }

bool connection_state::is_sendable(const outgoing& m) noexcept {
  if (m.shared) return m.shared->sendable();
  return m.kind == message_kind::binary || is_valid_utf8(m.bytes);
}

send_result connection_state::send(const outgoing& m) {
  if (!is_here()) return mail(m);
  if (!empty_mail()) return outcome(errc::queue_full, m.bytes.size());
  // Senders that already wait go first, even if this message would fit.
  if (others_wait_to_send() && m.policy() == when_full::wait && is_open())
    return outcome(errc::queue_full, m.bytes.size());
  return outcome(push(m), m.bytes.size());
}

send_result connection_state::outcome(errc code, std::size_t size) const {
  switch (code) {
    case errc::ok:
      return send_result(congested() ? send_status::queued : send_status::accepted);
    case errc::closed:
      return send_result(failure());
    default:
      return send_result(error(code, "a message of " + std::to_string(size) + " bytes, the limit of the send queue is " +
                                         std::to_string(outbound_limit_.load()) + " bytes and " +
                                         std::to_string(outbound_messages_.load()) + " messages"));
  }
}

connection_state::mailed::mailed(const outgoing& m)
    : message{.kind = m.kind, .own = m.shared ? buffer() : buffer(m.bytes), .shared = m.shared, .key = {}} {
  if (m.options) options = *m.options;
}

outgoing connection_state::mailed::to_send() const noexcept {
  return {.kind = message.kind,
          .bytes = message.bytes(),
          .options = options ? &*options : nullptr,
          .shared = message.shared};
}

send_result connection_state::mail(const outgoing& m) {
  const std::size_t size = m.bytes.size();
  if (size > outbound_limit_) return outcome(errc::message_too_big, size);
  bool first = false;
  {
    mailbox& box = mailbox_of_others();
    const std::scoped_lock lock(box.mutex);
    if (mailbox_closed_) return send_result(error(errc::closed));
    if (box.in_line > 0 && m.policy() == when_full::wait) return outcome(errc::queue_full, size);
    if (!box.messages.empty() && (box.bytes + size > outbound_limit_ || box.messages.size() >= outbound_messages_))
      return outcome(errc::queue_full, size);
    first = box.messages.empty();
    box.messages.emplace_back(m);
    box.bytes += size;
    has_mail_.store(true, std::memory_order_release);
  }
  if (first) home_->post([self = shared_from_this()] { self->empty_mailbox(); });
  return send_result(send_status::queued);
}

// Several threads may get here first at the same time.
connection_state::mailbox& connection_state::mailbox_of_others() {
  if (mailbox* const there = mailbox_.load()) return *there;
  auto made = std::make_unique<mailbox>();
  mailbox* first = nullptr;
  return mailbox_.compare_exchange_strong(first, made.get()) ? *made.release() : *first;
}

void connection_state::empty_mailbox() {
  mailbox& box = mailbox_of_others();
  const std::scoped_lock lock(box.mutex);
  std::size_t taken = 0;
  for (const mailed& m : box.messages) {
    const outgoing next = m.to_send();
    if (push(next) == errc::queue_full && next.policy() == when_full::wait) break;
    box.bytes -= next.bytes.size();
    ++taken;
  }
  box.messages.erase(box.messages.begin(), box.messages.begin() + static_cast<std::ptrdiff_t>(taken));
  has_mail_.store(!box.messages.empty(), std::memory_order_relaxed);
}

void connection_state::close(close_code code, std::string_view reason) {
  if (!is_here()) {
    home_->post([self = shared_from_this(), code, reason = std::string(reason)] { self->close(code, reason); });
    return;
  }
  if (has_mail_.load(std::memory_order_acquire)) empty_mailbox();
  std::string text;
  // Closes without a reason if there is no memory for it.
  static_cast<void>(attempt([&] { text = reason; }));
  begin_close(code, std::move(text));
}

void connection_state::abort() {
  if (is_here()) {
    cut();
  } else {
    home_->post([self = shared_from_this()] { self->cut(); });
  }
}

void connection_state::abandon(close_code code, std::string_view reason) {
  if (!is_here()) {
    home_->post([self = shared_from_this(), code, reason = std::string(reason)] { self->abandon(code, reason); });
    return;
  }
  abandoned_ = true;
  close(code, reason);
  if (awaiters_ != 0) kept_ = shared_from_this();
  tell(receivers_);
  tell_watchers();
}

error connection_state::receive_failure() const {
  if (abandoned_ && !settled()) return {errc::closed, "the connection object was destroyed"};
  return failure();
}

void connection_state::loop_ends() {
  const auto self = weak_from_this().lock();
  lose_loop();
  release_waiters();
}

void connection_state::join_line() {
  mailbox& box = mailbox_of_others();
  const std::scoped_lock lock(box.mutex);
  ++box.in_line;
}

void connection_state::leave_line() noexcept {
  mailbox& box = mailbox_of_others();
  const std::scoped_lock lock(box.mutex);
  --box.in_line;
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

void connection_state::wait_to_send_first(waiter& w, std::coroutine_handle<> coroutine) {
  w.set_waiting(coroutine);
  senders_.push_front(w);
}

void connection_state::give_up(waiter& w) { home().resume(w); }

void connection_state::deliver() {
  while (!receivers_.empty()) {
    waiter& first = receivers_.front();
    if (!first.ready()) return;
    home().resume_now(first);
  }
}

void connection_state::retry_senders() {
  if (has_mail_.load(std::memory_order_acquire)) empty_mailbox();
  retrying_ = true;
  while (!senders_.empty() && senders_.front().ready()) {
    home().resume(senders_.front());
  }
  retrying_ = false;
}

void connection_state::tell(waiters& all) {
  for (auto w = all.begin(); w != all.end();) {
    waiter& watcher = *w++;
    if (watcher.ready()) give_up(watcher);
  }
}

void connection_state::tell_watchers() { tell(watchers_); }

void connection_state::release_waiters() {
  // Set before mailbox_ is read, so that a thread that creates a mailbox later finds it closed.
  mailbox_closed_ = true;
  if (mailbox* const box = mailbox_.load()) {
    const std::scoped_lock lock(box->mutex);
    box->messages.clear();
    has_mail_.store(false, std::memory_order_relaxed);
  }
  deliver();
  retry_senders();
  tell_watchers();
  tell(end_watchers_);
}

}  // namespace twinsocket::detail
