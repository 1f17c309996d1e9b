#include "connection/connection_state.hpp"

#include <utility>

#include "protocol/utf8.hpp"
#include "twinsocket/detail/trampoline.hpp"

namespace twinsocket::detail {

bool connection_state::is_sendable(message_kind kind, std::span<const std::byte> bytes) noexcept {
  if (kind == message_kind::binary) return true;
  utf8_validator utf8;
  return utf8.feed(bytes) && utf8.complete();
}

send_result connection_state::send(message_kind kind, std::span<const std::byte> bytes) {
  if (!at_home()) return mail(kind, bytes);
  if (has_mail_.load(std::memory_order_acquire)) {
    empty_mailbox();
    if (has_mail_.load(std::memory_order_relaxed)) return outcome(errc::queue_full, bytes.size());
  }
  return outcome(push(kind, bytes), bytes.size());
}

send_result connection_state::outcome(errc code, std::size_t size) const {
  switch (code) {
    case errc::ok:
      return send_result(congested() ? send_status::queued : send_status::accepted);
    case errc::closed:
      return send_result(failure());
    default:
      return send_result(error(code, "a message of " + std::to_string(size) + " bytes, the limit of the outbound queue is " +
                                         std::to_string(outbound_limit_) + " bytes"));
  }
}

send_result connection_state::mail(message_kind kind, std::span<const std::byte> bytes) {
  if (bytes.size() > outbound_limit_) return outcome(errc::message_too_big, bytes.size());
  bool first = false;
  {
    const std::scoped_lock lock(mailbox_mutex_);
    if (mailbox_closed_) return send_result(error(errc::closed));
    if (!mailbox_.empty() && mailbox_bytes_ + bytes.size() > outbound_limit_)
      return outcome(errc::queue_full, bytes.size());
    first = mailbox_.empty();
    mailbox_.emplace_back(kind, bytes);
    mailbox_bytes_ += bytes.size();
    has_mail_.store(true, std::memory_order_release);
  }
  if (first) home_.post([self = shared_from_this()] { self->empty_mailbox(); });
  return send_result(send_status::queued);
}

void connection_state::empty_mailbox() {
  const std::scoped_lock lock(mailbox_mutex_);
  std::size_t taken = 0;
  for (const message& m : mailbox_) {
    if (push(m.kind(), m.bytes()) == errc::queue_full) break;
    mailbox_bytes_ -= m.size();
    ++taken;
  }
  mailbox_.erase(mailbox_.begin(), mailbox_.begin() + static_cast<std::ptrdiff_t>(taken));
  has_mail_.store(!mailbox_.empty(), std::memory_order_relaxed);
}

void connection_state::close(close_code code, std::string_view reason) {
  if (!at_home()) {
    home_.post([self = shared_from_this(), code, reason = std::string(reason)] { self->close(code, reason); });
    return;
  }
  if (has_mail_.load(std::memory_order_acquire)) empty_mailbox();
  begin_close(code, std::string(reason));
}

void connection_state::abort() {
  if (at_home()) {
    cut();
  } else {
    home_.post([self = shared_from_this()] { self->cut(); });
  }
}

bool connection_state::try_receive(receive_awaiter& waiter) {
  message received;
  if (next(received)) {
    waiter.received_ = std::move(received);
    return true;
  }
  return settled();
}

void connection_state::wait(receive_awaiter& waiter) { receivers_.push_back(waiter); }

void connection_state::wait(close_awaiter& waiter) { closers_.push_back(waiter); }

void connection_state::wait(send_awaiter& waiter) {
  if (at_home()) {
    senders_.push_back(waiter);
    return;
  }
  home_.post([self = shared_from_this(), &waiter] {
    self->senders_.push_back(waiter);
    self->retry_senders();
  });
}

void connection_state::deliver() {
  while (!receivers_.empty()) {
    receive_awaiter& first = receivers_.front();
    if (!try_receive(first) || !first.received_) return;
    receivers_.pop_front();
    trampoline::run(first.waiting_);
  }
}

void connection_state::retry_senders() {
  if (has_mail_.load(std::memory_order_acquire)) empty_mailbox();
  while (!senders_.empty()) {
    send_awaiter& first = senders_.front();
    first.attempt();
    if (first.full_) return;
    senders_.pop_front();
    if (!first.caller_ || first.caller_ == &home_) {
      home_.resume(first.waiting_);
    } else {
      first.caller_->post([waiting = first.waiting_] { trampoline::run(waiting); });
    }
  }
}

template <class List>
void connection_state::resume_all(List& waiters) {
  while (!waiters.empty()) {
    auto& first = waiters.front();
    waiters.pop_front();
    home_.resume(first.waiting_);
  }
}

void connection_state::release_waiters() {
  {
    const std::scoped_lock lock(mailbox_mutex_);
    mailbox_closed_ = true;
    mailbox_.clear();
    has_mail_.store(false, std::memory_order_relaxed);
  }
  deliver();
  resume_all(receivers_);
  retry_senders();
  resume_all(closers_);
}

}  // namespace twinsocket::detail
