#include "session/wire_session.hpp"

// Construction, timeouts and the end of a session. Receiving and sending have files of their own.

#include <algorithm>
#include <utility>

#include "attempt.hpp"

namespace twinsocket::detail {

wire_session::wire_session(const session_options& options, time_point now)
    : self_(options.self),
      outbound_bytes_(options.limits.outbound_bytes()),
      outbound_messages_(options.limits.outbound_messages()),
      send_time_(options.limits.send_time()),
      idle_time_(options.limits.idle_time()),
      now_(now),
      used_(now),
      reader_({.self = options.self,
               .max_message = options.limits.max_message(),
               .max_fragments = options.limits.max_fragments(),
               .max_frame = options.limits.max_frame(),
               .allow_compressed = options.compression.engine != nullptr}),
      deadline_(options.limits),
      writer_(options.self, options.random),
      closing_(options.limits.close_time()),
      heartbeat_(options.keepalive, now),
      inbound_(options.limits.inbound_bytes()),
      heartbeats_(options.heartbeats),
      totals_(options.totals) {
  if (options.compression.engine)
    compression_ = std::make_unique<compression>(options.compression, options.self, options.limits);
}

void wire_session::set_limits(const limits& values) noexcept {
  outbound_bytes_ = values.outbound_bytes();
  outbound_messages_ = values.outbound_messages();
  send_time_ = values.send_time();
  idle_time_ = values.idle_time();
  reader_.set_limits(values.max_message(), values.max_fragments(), values.max_frame());
  deadline_.set_limits(values.message_timeout(), values.min_message_rate());
  closing_.set_time_limit(values.close_time());
  inbound_.set_limit(values.inbound_bytes());
  if (compression_) compression_->in.set_limits({values.max_message(), values.max_inflate_ratio()});
}

limits wire_session::limits_now() const noexcept {
  limits now;
  const reader_options& frames = reader_.options();
  now.max_message(frames.max_message).max_fragments(frames.max_fragments).max_frame(frames.max_frame);
  now.inbound_bytes(inbound_.limit()).outbound_bytes(outbound_bytes_).outbound_messages(outbound_messages_);
  now.close_time(closing_.time_limit()).send_time(send_time_).idle_time(idle_time_);
  now.message_timeout(deadline_.timeout()).min_message_rate(deadline_.rate());
  if (compression_) now.max_inflate_ratio(compression_->in.max_ratio());
  return now;
}

void wire_session::stream_ended() {
  stream_over_ = true;
  // The answer to the peer's close frame is still to be written; the peer may read it.
  if (closing_.settled() && !outbound_.empty()) return;
  closing_.stream_ended();
}

void wire_session::stream_broke(error why) {
  if (!closing_.settled()) failure_ = std::move(why);
  outbound_.clear();
  stream_ended();
}

void wire_session::fail(close_code code, std::string reason, errc why) {
  if (closing_.settled()) return;
  failure_ = error(why, reason);
  partial_.reset();
  outbound_.drop_waiting();
  if (closing_.fail(code, reason, now_)) write_close(code, reason);
}

void wire_session::close(close_code code, std::string reason) {
  if (!closing_.begin(code, reason, now_)) return;
  write_close(code, reason);
  // The peer's close frame comes after the input that is still unread.
  stash();
}

void wire_session::abort() {
  stream_over_ = true;
  outbound_.clear();
  input_ = {};
  if (compression_) compression_->in.drop();
  if (pieces_) pieces_->is_held = false;
  closing_.stream_ended(close_initiator::local);
}

void wire_session::ran_out_of_memory() {
  input_ = {};
  kept_.reset();
  if (compression_) compression_->in.drop();
  reader_.stop();
  const bool told = attempt([&] { fail(close_code::internal_error, "out of memory", errc::system); });
  if (!told) abort();
}

void wire_session::on_time(time_point now) {
  set_time(now);
  if (closing_.is_closed()) return;
  if (now >= closing_.due()) {
    if (!closing_.settled())
      failure_ = error(errc::no_answer, "the closing handshake took longer than " +
                                            std::to_string(closing_.time_limit().count()) + " ms");
    outbound_.clear();
    stream_ended();
    return;
  }
  if (!closing_.is_open()) return;
  if (now >= stalled()) {
    stream_broke(error(errc::no_answer, "the peer accepted no bytes for " +
                                            std::to_string(send_time_.count()) + " ms"));
    return;
  }
  if (deadline_.passed(reader_, now)) {
    arrives_too_slowly();
    return;
  }
  if (now >= later(used_, idle_time_)) {
    close(close_code::going_away, "no message for " + std::to_string(idle_time_.count()) + " ms");
    return;
  }
  // While this side does not read it cannot hear the peer, so the peer's silence does not count.
  if (has_unread()) heartbeat_.heard(now);
  switch (heartbeat_.on_time(now)) {
    case heartbeat::action::none:
      break;
    case heartbeat::action::ping:
      ping();
      break;
    case heartbeat::action::lost:
      stream_broke(error(errc::no_answer, "the peer sent nothing and did not answer a ping"));
      break;
  }
}

void wire_session::probe() {
  if (!heartbeat_.on() || !closing_.is_open()) return;
  heartbeat_.probe(now_);
  ping();
}

// The write timeout: when a peer that accepts no bytes is dropped.
time_point wire_session::stalled() const noexcept {
  return congested_ ? later(moved_, send_time_) : time_point::max();
}

wants wire_session::wanted() const noexcept {
  wants w;
  if (closing_.is_closed()) {
    w.cut = true;
    return w;
  }
  w.read = !has_unread() && !stream_over_ && dropped_ < max_dropped;
  w.write = !outbound_.empty();
  // The server ends the stream first (section 7.1.1), and so does the side that fails the connection (section 7.1.7).
  w.end = closing_.settled() && (self_ == role::server || !closing_.info().clean);
  w.wake = closing_.is_open() ? std::min({heartbeat_.due(), stalled(), deadline_.due(reader_), later(used_, idle_time_)}) : closing_.due();
  return w;
}

error wire_session::failure() const {
  error why = failure_.code() != errc::ok ? failure_ : error(errc::closed, describe(closing_.info()));
  // Before that the outcome is not known.
  if (closing_.settled()) why.close(closing_.info());
  return why;
}

}  // namespace twinsocket::detail
