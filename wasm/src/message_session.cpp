#include "message_session.hpp"

#include <algorithm>
#include <utility>

#include "duration_text.hpp"
#include "protocol/close_code.hpp"

namespace twinsocket::detail {

bool message_session::received(std::size_t size) {
  if (closing_.settled()) return false;
  keepalive_timer_.on_input(now_);
  last_message_time_ = now_;
  if (size > limits_.max_message_size()) {
    fail(close_code::message_too_big,
         "a message of " + std::to_string(size) + " bytes, the limit is " + std::to_string(limits_.max_message_size()),
         errc::message_too_big);
    return false;
  }
  if (inbound_ >= limits_.receive_queue_bytes()) {
    if (closing_.is_open())
      fail(close_code::try_again_later,
           "more than " + std::to_string(limits_.receive_queue_bytes()) + " bytes of messages wait to be received",
           errc::closed);
    return false;
  }
  inbound_ += cost(size);
  return true;
}

errc message_session::may_send(std::size_t size, std::size_t buffered) const noexcept {
  if (!closing_.is_open()) return errc::closed;
  if (size > limits_.send_queue_bytes()) return errc::message_too_big;
  if (buffered != 0 && buffered > limits_.send_queue_bytes() - size) return errc::queue_full;
  return errc::ok;
}

void message_session::close(close_code code, std::string_view reason) {
  close_requested_ |= closing_.begin(code, std::string(reason), closing_due());
}

void message_session::fail(close_code code, const std::string& reason, errc why) {
  failure_ = error(why, reason);
  failed_locally_ = true;
  close_requested_ |= closing_.fail(code, std::string(truncate_reason(reason)), closing_due());
}

void message_session::abort() {
  if (!closing_.is_closed()) closing_.stream_ended(close_initiator::local);
}

void message_session::probe(bool can_reconnect) noexcept {
  if (!keepalive_enabled_ || !closing_.is_open() || !(heartbeats_ || can_reconnect)) return;
  keepalive_timer_.probe(now_);
  heartbeat_requested_ = heartbeats_;
}

void message_session::on_timer() {
  if (now_ >= closing_.due()) {
    close_timed_out();
  } else if (!closing_.is_open()) {
    return;
  } else if (now_ >= add_saturating(last_message_time_, limits_.idle_timeout())) {
    close(close_code::going_away, "no message for " + to_text(limits_.idle_timeout()));
  } else if (const keepalive_timer::action due = keepalive_timer_.on_timer(now_);
             due == keepalive_timer::action::ping) {
    heartbeat_requested_ = true;
  } else if (due == keepalive_timer::action::lost) {
    failure_ = error(errc::peer_timeout, heartbeats_ ? "the peer sent nothing and did not answer a heartbeat"
                                                     : "the peer sent nothing since the page came back");
    closing_.stream_ended();
  }
}

time_point message_session::due() const noexcept {
  if (!closing_.is_open()) return closing_.due();
  return std::min(keepalive_timer_.due(), add_saturating(last_message_time_, limits_.idle_timeout()));
}

void message_session::close_timed_out() {
  if (!closing_.settled())
    failure_ = error(errc::peer_timeout, "the closing handshake took longer than " + to_text(limits_.close_timeout()));
  closing_.stream_ended();
}

void message_session::socket_ended(close_code code, std::string_view reason) {
  // A browser reports 1006 if the peer sent no close frame (RFC 6455 section 7.1.5).
  if (code != close_code::abnormal) {
    // The platform has already sent the answer.
    [[maybe_unused]] const bool answer = closing_.peer_closed(code, std::string(reason), closing_due());
  }
  closing_.stream_ended();
}

error message_session::failure() const {
  error why = failure_ ? *failure_ : error(errc::closed, describe(closing_.info()));
  if (closing_.settled()) why.close(closing_.info());
  return why;
}

}  // namespace twinsocket::detail
