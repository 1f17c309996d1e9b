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
constexpr std::chrono::milliseconds asking_interval{10};

}  // namespace

browser_connection::browser_connection(loop& home, const limits& values, const keepalive& alive, bool heartbeats,
                                       std::string subprotocol, std::unique_ptr<browser_socket> socket)
    : connection_state(home, std::move(subprotocol), values),
      session_(values, alive, heartbeats, home.now()),
      messages_(std::numeric_limits<std::size_t>::max()),
      socket_(std::move(socket)) {
  socket_->handler(*this);
}

void browser_connection::start() {
  self_ = shared_from_this();
  changed(home().listen(*this));
  home().flush_later(*this);
}

// A page in the back-forward cache cannot run, so its connections are closed rather than left to time out at the server.
void browser_connection::changed(surroundings now) {
  if (!now.active)
    begin_close(close_code::going_away, "the page was left");
  else if (now.resumed)
    probe(false);
}

void browser_connection::probe(bool replaced) {
  session_.set_time(home().now());
  session_.probe(replaced);
  home().flush_later(*this);
}

bool browser_connection::next(message& out) {
  if (messages_.empty()) return false;
  out = messages_.pop();
  session_.taken(out.size());
  return true;
}

errc browser_connection::push(const outgoing& m) {
  if (errc code = session_.may_send(m.bytes.size(), 0); code != errc::ok) return code;
  const bool room = make_room(m);
  if (!room && m.policy() == when_full::close) {
    outbound_.drop_waiting();
    begin_close(close_code::try_again_later, "messages are read too slowly");
    return errc::closed;
  }
  if (!room) {
    if (m.policy() == when_full::wait)
      ask_again();
    else
      ++counted_.dropped;
    return errc::queue_full;
  }
  congested_ = message_session::congested(held_by_socket());
  // Data in the socket cannot be dropped any more. So droppable messages wait here while the socket is congested, and the
  // others are passed on at once.
  if (!outbound_.has_waiting() && (!congested_ || m.policy() == when_full::wait)) return hand_over(m.kind, m.bytes);
  outbound_.wait({.kind = m.kind,
                  .own = m.shared ? buffer() : buffer(m.bytes),
                  .shared = m.shared,
                  .key = m.options ? m.options->key() : std::string()});
  ask_again();
  return errc::ok;
}

bool browser_connection::make_room(const outgoing& m) {
  const std::size_t size = m.bytes.size();
  const std::size_t limit = m.options ? m.options->queue_limit() : std::numeric_limits<std::size_t>::max();
  const auto fits = [&] {
    const std::size_t held = buffered();
    return session_.may_send(size, held) == errc::ok && (held == 0 || (size <= limit && held <= limit - size));
  };
  if (m.policy() == when_full::latest_per_key && outbound_.drop(m.options->key())) ++counted_.dropped;
  if (m.policy() == when_full::drop_oldest) {
    while (!fits() && outbound_.has_waiting()) {
      [[maybe_unused]] const waiting_message dropped = outbound_.pop();
      ++counted_.dropped;
    }
  }
  return fits();
}

errc browser_connection::hand_over(message_kind kind, std::span<const std::byte> bytes) {
  if (!socket_ || !socket_->send(kind, bytes)) return errc::invalid_utf8;
  session_.set_time(home().now());
  session_.sent();
  ++counted_.messages_sent;
  counted_.bytes_sent += bytes.size();
  return errc::ok;
}

void browser_connection::hand_over_waiting(bool all) {
  while (outbound_.has_waiting() && (all || !message_session::congested(held_by_socket()))) {
    const waiting_message next = outbound_.pop();
    hand_over(next.kind, next.bytes());
  }
}

void browser_connection::ask_again() {
  if (!armed()) home().arm(*this, home().now() + asking_interval);
}

void browser_connection::on_time(time_point) {
  hand_over_waiting(false);
  retry_senders();
  tell_watchers();
  if (buffered() == 0) drain_is_watched_ = false;
  if (outbound_.has_waiting() || drain_is_watched_) ask_again();
}

void browser_connection::watch_drain() {
  drain_is_watched_ = true;
  ask_again();
}

void browser_connection::apply_limits(const limits& values) {
  session_.set_limits(values);
  home().flush_later(*this);
}

void browser_connection::begin_close(close_code code, std::string reason) {
  // All queued messages are sent before the close frame.
  if (session_.is_open()) hand_over_waiting(true);
  session_.set_time(home().now());
  session_.close(code, reason);
  home().flush_later(*this);
}

void browser_connection::cut() {
  session_.abort();
  home().flush_later(*this);
}

bool browser_connection::received(message_kind kind, std::size_t size) {
  const browser_turn turn;
  session_.set_time(home().now());
  if (session_.has_heartbeats() && is_heartbeat(kind, landing().bytes())) {
    landing().reset();
    session_.heard();
    return false;
  }
  const bool wanted = session_.received(size);
  if (wanted) {
    ++counted_.messages_received;
    counted_.bytes_received += size;
    messages_.push(message(kind, std::move(landing())));
    deliver();
  } else {
    landing().reset();
    home().flush_later(*this);
  }
  return wanted;
}

void browser_connection::ended(close_code code, std::string_view reason, std::string_view) {
  const browser_turn turn;
  session_.socket_ended(code, reason);
  home().flush_later(*this);
}

void browser_connection::alarm() {
  const browser_turn turn;
  alarm_ = time_point::max();
  session_.set_time(home().now());
  session_.on_time();
  home().flush_later(*this);
}

void browser_connection::flush() {
  const auto alive = shared_from_this();
  if (session_.wants_close()) socket_->close(code_for_browser(session_.info().code), session_.info().reason);
  if (session_.wants_heartbeat()) twinsocket_js_beat(socket_.get());
  if (session_.settled() && !std::exchange(released_, true)) {
    if (armed()) timer::unlink();
    outbound_.drop_waiting();
    release_waiters();
  }
  if (session_.is_over()) {
    socket_.reset();
    self_.reset();
  } else {
    // A later deadline leaves the timer as it is. When it expires, the deadline is checked again.
    socket_->ring_by(session_.due(), home().now(), alarm_);
  }
}

}  // namespace twinsocket::detail
