#include "session/wire_session.hpp"

// Construction, timeouts and the end of a session. Receiving and sending have files of their own.

#include <algorithm>
#include <utility>

#include "attempt.hpp"

namespace twinsocket::detail {

wire_session::wire_session(const session_options& options, time_point now)
    : self_(options.self),
      send_queue_bytes_(options.limits.send_queue_bytes()),
      send_queue_messages_(options.limits.send_queue_messages()),
      write_timeout_(options.limits.write_timeout()),
      idle_timeout_(options.limits.idle_timeout()),
      now_(now),
      last_message_time_(now),
      reader_({.self = options.self,
               .max_message_size = options.limits.max_message_size(),
               .max_fragments = options.limits.max_fragments(),
               .max_frame_size = options.limits.max_frame_size(),
               .allow_compressed = options.compression.engine != nullptr}),
      deadline_(options.limits),
      writer_(options.self, options.random),
      closing_(options.limits.close_timeout()),
      keepalive_timer_(options.keepalive, now),
      receive_queue_(options.limits.receive_queue_bytes()),
      heartbeats_(options.heartbeats),
      metrics_(options.totals) {
  if (options.compression.engine)
    compression_ = std::make_unique<compression>(options.compression, options.self, options.limits);
}

void wire_session::set_limits(const limits& values) noexcept {
  send_queue_bytes_ = values.send_queue_bytes();
  send_queue_messages_ = values.send_queue_messages();
  write_timeout_ = values.write_timeout();
  idle_timeout_ = values.idle_timeout();
  reader_.set_limits(values.max_message_size(), values.max_fragments(), values.max_frame_size());
  deadline_.set_limits(values.message_timeout(), values.min_message_rate());
  closing_.set_time_limit(values.close_timeout());
  receive_queue_.set_limit(values.receive_queue_bytes());
  if (compression_) compression_->in.set_limits({values.max_message_size(), values.max_inflate_ratio()});
}

limits wire_session::current_limits() const noexcept {
  limits now;
  const reader_options& frames = reader_.options();
  now.max_message_size(frames.max_message_size)
      .max_fragments(frames.max_fragments)
      .max_frame_size(frames.max_frame_size);
  now.receive_queue_bytes(receive_queue_.limit())
      .send_queue_bytes(send_queue_bytes_)
      .send_queue_messages(send_queue_messages_);
  now.close_timeout(closing_.timeout()).write_timeout(write_timeout_).idle_timeout(idle_timeout_);
  now.message_timeout(deadline_.timeout()).min_message_rate(deadline_.rate());
  if (compression_) now.max_inflate_ratio(compression_->in.max_ratio());
  return now;
}

void wire_session::stream_ended() {
  stream_ended_ = true;
  // The answer to the peer's close frame is still to be written; the peer may read it.
  if (closing_.settled() && !send_queue_.empty()) return;
  closing_.stream_ended();
}

void wire_session::stream_failed(error why) {
  if (!closing_.settled()) failure_ = std::move(why);
  send_queue_.clear();
  stream_ended();
}

void wire_session::fail(close_code code, std::string reason, errc why) {
  if (closing_.settled()) return;
  failure_ = error(why, reason);
  partial_.reset();
  send_queue_.drop_queued();
  if (closing_.fail(code, reason, now_)) write_close(code, reason);
}

void wire_session::close(close_code code, std::string reason) {
  if (!closing_.begin(code, reason, now_)) return;
  write_close(code, reason);
  // The peer's close frame comes after the input that is still unread.
  release_input();
}

void wire_session::abort() {
  stream_ended_ = true;
  send_queue_.clear();
  input_ = {};
  if (compression_) compression_->in.drop();
  if (pieces_) pieces_->has_held = false;
  closing_.stream_ended(close_initiator::local);
}

void wire_session::ran_out_of_memory() {
  input_ = {};
  buffered_input_.reset();
  if (compression_) compression_->in.drop();
  reader_.stop();
  const bool told = attempt([&] { fail(close_code::internal_error, "out of memory", errc::system); });
  if (!told) abort();
}

void wire_session::on_timer(time_point now) {
  set_time(now);
  if (closing_.is_closed()) return;
  if (now >= closing_.due()) {
    if (!closing_.settled())
      failure_ = error(errc::peer_timeout,
                       "the closing handshake took longer than " + std::to_string(closing_.timeout().count()) + " ms");
    send_queue_.clear();
    stream_ended();
    return;
  }
  if (!closing_.is_open()) return;
  if (now >= write_deadline()) {
    stream_failed(
        error(errc::peer_timeout, "the peer accepted no bytes for " + std::to_string(write_timeout_.count()) + " ms"));
    return;
  }
  if (deadline_.expired(reader_, now)) {
    fail_slow_message();
    return;
  }
  if (now >= add_saturating(last_message_time_, idle_timeout_)) {
    close(close_code::going_away, "no message for " + std::to_string(idle_timeout_.count()) + " ms");
    return;
  }
  // While this side does not read it cannot hear the peer, so the peer's silence does not count.
  if (has_unread()) keepalive_timer_.on_input(now);
  switch (keepalive_timer_.on_timer(now)) {
    case keepalive_timer::action::none: break;
    case keepalive_timer::action::ping: ping(); break;
    case keepalive_timer::action::lost:
      stream_failed(error(errc::peer_timeout, "the peer sent nothing and did not answer a ping"));
      break;
  }
}

void wire_session::probe() {
  if (!keepalive_timer_.on() || !closing_.is_open()) return;
  keepalive_timer_.probe(now_);
  ping();
}

// The write timeout: when a peer that accepts no bytes is dropped.
time_point wire_session::write_deadline() const noexcept {
  return congested_ ? add_saturating(last_write_time_, write_timeout_) : time_point::max();
}

wants wire_session::next_io() const noexcept {
  wants w;
  if (closing_.is_closed()) {
    w.close_stream = true;
    return w;
  }
  w.read = !has_unread() && !stream_ended_ && dropped_ < max_dropped;
  w.write = !send_queue_.empty();
  // The server ends the stream first (section 7.1.1), and so does the side that fails the connection (section 7.1.7).
  w.end = closing_.settled() && (self_ == role::server || !closing_.info().clean);
  w.wake = closing_.is_open() ? std::min({keepalive_timer_.due(), write_deadline(), deadline_.due(reader_),
                                          add_saturating(last_message_time_, idle_timeout_)})
                              : closing_.due();
  return w;
}

error wire_session::failure() const {
  error why = failure_.code() != errc::ok ? failure_ : error(errc::closed, describe(closing_.info()));
  // Before that the outcome is not known.
  if (closing_.settled()) why.close(closing_.info());
  return why;
}

}  // namespace twinsocket::detail
