#include "session/wire_session.hpp"

#include <algorithm>
#include <utility>

#include "attempt.hpp"

namespace twinsocket::detail {

wire_session::wire_session(const session_options& options, time_point now)
    : now_(now),
      in_(options.self, options.limits, options.compression, options.heartbeats, options.totals),
      out_(options.self, options.random, options.limits, options.compression, options.totals, now),
      life_(options.limits, options.keepalive, now) {}

void wire_session::set_limits(const shared_limits& values) noexcept {
  in_.set_limits(values);
  out_.set_limits(values);
  life_.set_limits(values);
}

counters wire_session::current_counters() const noexcept {
  return {.messages_received = in_.messages(),
          .messages_sent = out_.messages(),
          .bytes_received = in_.bytes(),
          .bytes_sent = out_.bytes(),
          .dropped = out_.dropped(),
          .round_trip = life_.round_trip()};
}

void wire_session::feed(std::span<std::byte> bytes, time_point now) {
  set_time(now);
  life_.on_input(bytes.size(), now);
  in_.feed(bytes);
}

bool wire_session::find(message& out) {
  event control;
  for (;;) {
    const incoming::found what = in_.next(out, control, now_);
    if (what == incoming::found::data) return true;
    if (!answer(what, control)) return false;
  }
}

bool wire_session::next_piece(message_piece& out) {
  event control;
  for (;;) {
    const incoming::found what = in_.next_piece(out, control, now_);
    if (what == incoming::found::data) return true;
    if (!answer(what, control)) return false;
  }
}

void wire_session::release_rest() {
  event control;
  while (answer(in_.release(is_open(), control, now_), control)) continue;
}

bool wire_session::answer(incoming::found what, const event& control) {
  if (what == incoming::found::heartbeat && is_open()) out_.heartbeat();
  if (what != incoming::found::control) return what == incoming::found::heartbeat;
  switch (control.what) {
    case event::type::ping:
      if (is_open()) out_.pong(control.bytes);
      if (hooks_ && hooks_->on_ping) hooks_->on_ping(control.bytes);
      break;
    case event::type::pong: handle_pong(control.bytes); break;
    case event::type::close: handle_close(control.code, control.reason); break;
    case event::type::violation: fail(control.code, std::string(control.reason), control.why); break;
    case event::type::piece:
    case event::type::more: break;
  }
  return true;
}

void wire_session::handle_pong(std::span<const std::byte> payload) {
  const std::uint64_t number = ping_payload::number_of(payload);
  const bool answers = life_.on_pong(number, now_);
  if (answers && number == life_.last_ping() && out_.metrics()) out_.metrics()->pings.add(life_.round_trip());
  if (hooks_ && hooks_->on_pong) hooks_->on_pong(answers ? payload.subspan(sizeof number) : payload);
}

// The hook may still send, and may close. In that case its close frame is the answer, and info() still reports the peer's
// code and reason.
void wire_session::handle_close(close_code code, std::string_view reason) {
  const bool was_open = is_open();
  if (was_open && hooks_ && hooks_->on_close) {
    const auto on_close = hooks_->on_close;
    on_close({code, std::string(reason), true, close_initiator::remote});
  }
  if (life_.peer_closed(code, std::string(reason), now_, was_open && !is_open())) out_.close(code, reason, now_);
}

// There is no room for a message.
errc wire_session::refuse(const send_request& m) {
  if (m.policy() != overflow_policy::close) return errc::queue_full;
  out_.drop_for_policy();
  close(close_code::try_again_later, "messages are read too slowly");
  return errc::closed;
}

errc wire_session::send_fragment(message_kind kind, std::span<const std::byte> bytes, bool first, bool last,
                                 bool compress) {
  return is_open() ? out_.send_fragment(kind, bytes, first, last, compress, now_) : errc::closed;
}

std::uint64_t wire_session::ping(std::span<const std::byte> payload) {
  if (!is_open()) return life_.last_ping();
  const std::uint64_t number = life_.begin_ping(now_);
  out_.ping(ping_payload(number, payload).bytes());
  return number;
}

void wire_session::probe() {
  if (life_.probe(now_)) ping();
}

void wire_session::close(close_code code, std::string reason) {
  if (!life_.begin_close(code, reason, now_)) return;
  out_.close(code, reason, now_);
  // The peer's close frame comes after the input that is still unread.
  release_input();
}

void wire_session::fail(close_code code, std::string reason, errc why) {
  if (settled()) return;
  in_.fail();
  out_.drop_queued();
  if (life_.fail(code, reason, why, now_)) out_.close(code, reason, now_);
}

void wire_session::stream_ended() { life_.stream_ended(!out_.empty()); }

void wire_session::stream_failed(error why) {
  life_.stream_failed(std::move(why));
  out_.clear();
  stream_ended();
}

void wire_session::abort() {
  out_.clear();
  in_.discard_input();
  life_.abort();
}

void wire_session::ran_out_of_memory() {
  in_.feed({});
  in_.discard_input();
  in_.stop();
  if (!attempt([&] { fail(close_code::internal_error, "out of memory", errc::system); })) abort();
}

void wire_session::on_timer(time_point now) {
  set_time(now);
  if (life_.closing().is_closed()) return;
  if (life_.closing_expired(now)) {
    out_.clear();
    stream_ended();
    return;
  }
  if (!is_open()) return;
  if (now >= out_.due())
    return stream_failed(
        error(errc::peer_timeout,
              "the peer accepted no bytes for " + std::to_string(current_limits().write_timeout().count()) + " ms"));
  if (in_.expired(now)) {
    std::string reason = in_.describe_delay(now);
    in_.stop();
    return fail(close_code::policy_violation, std::move(reason), errc::peer_timeout);
  }
  if (now >= life_.idle_due(last_message_time()))
    return close(close_code::going_away,
                 "no message for " + std::to_string(current_limits().idle_timeout().count()) + " ms");
  switch (life_.on_timer(!in_.has_unread(), now)) {
    case keepalive_timer::action::none: break;
    case keepalive_timer::action::ping: ping(); break;
    case keepalive_timer::action::lost:
      stream_failed(error(errc::peer_timeout, "the peer sent nothing and did not answer a ping"));
      break;
  }
}

pending_io wire_session::next_io() const noexcept {
  const closing_handshake& closing = life_.closing();
  pending_io w;
  if (closing.is_closed()) {
    w.close_stream = true;
    return w;
  }
  w.read = wants_input();
  w.write = !out_.empty();
  // The server ends the stream first (section 7.1.1), and so does the side that fails the connection (section 7.1.7).
  w.end = closing.settled() && (out_.self() == role::server || !closing.info().clean);
  w.wake = closing.is_open() ? std::min({life_.due(last_message_time()), out_.due(), in_.due()}) : closing.due();
  return w;
}

}  // namespace twinsocket::detail
