#include "browser_connection.hpp"

#include <chrono>
#include <limits>
#include <utility>

#include "browser_loop.hpp"
#include "javascript.hpp"
#include "session/application_heartbeat.hpp"

namespace twinsocket::detail {

namespace {

// Polling interval of the buffered amount while something waits: a browser has no event for a drained buffer.
constexpr std::chrono::milliseconds poll_interval{10};

}  // namespace

browser_connection::browser_connection(loop& own_loop, const limits& values, const keepalive& alive, bool heartbeats,
                                       std::string subprotocol, std::unique_ptr<browser_socket> socket)
    : connection_state(own_loop, std::move(subprotocol), values),
      session_(values, alive, heartbeats, own_loop.now()),
      messages_(std::numeric_limits<std::size_t>::max()),
      socket_(std::move(socket)) {
  socket_->handler(*this);
}

void browser_connection::start() {
  self_ = shared_from_this();
  on_environment_change(own_loop().listen(*this));
  own_loop().schedule_flush(*this);
}

// A page in the back-forward cache cannot run, so its connections are closed rather than left to time out at the server.
void browser_connection::on_environment_change(environment now) {
  if (!now.active)
    begin_close(close_code::going_away, "the page was left");
  else if (now.resumed)
    probe(false);
}

void browser_connection::probe(bool can_reconnect) {
  session_.set_time(own_loop().now());
  session_.probe(can_reconnect);
  own_loop().schedule_flush(*this);
}

bool browser_connection::next(message& out) {
  if (messages_.empty()) return false;
  out = messages_.pop();
  session_.message_delivered(out.size());
  return true;
}

errc browser_connection::push(const send_request& m) {
  if (errc code = session_.may_send(m.bytes.size(), 0); code != errc::ok) return code;
  const bool room = make_room(m);
  if (!room && m.policy() == overflow_policy::close) {
    send_queue_.drop_queued();
    begin_close(close_code::try_again_later, "messages are read too slowly");
    return errc::closed;
  }
  if (!room) {
    if (m.policy() == overflow_policy::wait)
      arm_poll_timer();
    else
      ++counters_.dropped;
    return errc::queue_full;
  }
  congested_ = message_session::congested(socket_buffered());
  // Data in the socket cannot be dropped any more. So droppable messages wait here while the socket is congested, and the
  // others are passed on at once.
  if (!send_queue_.has_queued() && (!congested_ || m.policy() == overflow_policy::wait))
    return send_to_socket(m.kind, m.bytes);
  send_queue_.wait({.kind = m.kind,
                    .own = m.shared ? buffer() : buffer(m.bytes),
                    .shared = m.shared,
                    .key = m.options ? m.options->key() : std::string()});
  arm_poll_timer();
  return errc::ok;
}

bool browser_connection::make_room(const send_request& m) {
  const std::size_t size = m.bytes.size();
  const std::size_t limit = m.options ? m.options->queue_limit() : std::numeric_limits<std::size_t>::max();
  const auto fits = [&] {
    const std::size_t held = buffered();
    return session_.may_send(size, held) == errc::ok && (held == 0 || (size <= limit && held <= limit - size));
  };
  if (m.policy() == overflow_policy::latest_per_key && send_queue_.drop(m.options->key())) ++counters_.dropped;
  if (m.policy() == overflow_policy::drop_oldest) {
    while (!fits() && send_queue_.has_queued()) {
      [[maybe_unused]] const queued_message dropped = send_queue_.pop();
      ++counters_.dropped;
    }
  }
  return fits();
}

errc browser_connection::send_to_socket(message_kind kind, std::span<const std::byte> bytes) {
  if (!socket_ || !socket_->send(kind, bytes)) return errc::invalid_utf8;
  session_.set_time(own_loop().now());
  session_.sent();
  ++counters_.messages_sent;
  counters_.bytes_sent += bytes.size();
  return errc::ok;
}

void browser_connection::flush_queued(bool all) {
  while (send_queue_.has_queued() && (all || !message_session::congested(socket_buffered()))) {
    const queued_message next = send_queue_.pop();
    send_to_socket(next.kind, next.bytes());
  }
}

void browser_connection::arm_poll_timer() {
  if (!armed()) own_loop().arm(*this, own_loop().now() + poll_interval);
}

void browser_connection::on_timer(time_point) {
  flush_queued(false);
  resume_senders();
  notify_watchers();
  if (buffered() == 0) watching_drain_ = false;
  if (send_queue_.has_queued() || watching_drain_) arm_poll_timer();
}

void browser_connection::watch_drain() {
  watching_drain_ = true;
  arm_poll_timer();
}

void browser_connection::apply_limits(const limits& values) {
  session_.set_limits(values);
  own_loop().schedule_flush(*this);
}

void browser_connection::begin_close(close_code code, std::string reason) {
  // All queued messages are sent before the close frame.
  if (session_.is_open()) flush_queued(true);
  session_.set_time(own_loop().now());
  session_.close(code, reason);
  own_loop().schedule_flush(*this);
}

void browser_connection::close_stream() {
  session_.abort();
  own_loop().schedule_flush(*this);
}

bool browser_connection::received(message_kind kind, std::size_t size, time_point now) {
  const browser_turn turn(now);
  session_.set_time(now);
  if (session_.has_heartbeats() && is_heartbeat(kind, transfer_buffer().bytes())) {
    transfer_buffer().reset();
    session_.on_input();
    return false;
  }
  const bool wanted = session_.received(size);
  if (wanted) {
    ++counters_.messages_received;
    counters_.bytes_received += size;
    messages_.push(message(kind, std::move(transfer_buffer())));
    resume_receivers();
  } else {
    transfer_buffer().reset();
    own_loop().schedule_flush(*this);
  }
  return wanted;
}

void browser_connection::ended(close_code code, std::string_view reason, std::string_view, time_point now) {
  const browser_turn turn(now);
  session_.socket_ended(code, reason);
  own_loop().schedule_flush(*this);
}

void browser_connection::on_socket_timer(time_point now) {
  const browser_turn turn(now);
  timer_expiry_ = time_point::max();
  session_.set_time(now);
  session_.on_timer();
  own_loop().schedule_flush(*this);
}

void browser_connection::flush() {
  const auto alive = shared_from_this();
  if (session_.take_close_request()) socket_->close(code_for_browser(session_.info().code), session_.info().reason);
  if (session_.take_heartbeat_request()) twinsocket_js_send_heartbeat(socket_.get());
  if (session_.settled() && !std::exchange(waiters_released_, true)) {
    if (armed()) timer::unlink();
    send_queue_.drop_queued();
    resume_all_waiters();
  }
  if (session_.has_ended()) {
    socket_.reset();
    self_.reset();
  } else {
    // A later deadline leaves the timer as it is. When it expires, the deadline is checked again.
    socket_->arm_timer(session_.due(), own_loop().now(), timer_expiry_);
  }
}

}  // namespace twinsocket::detail
