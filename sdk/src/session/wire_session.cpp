#include "session/wire_session.hpp"

#include <algorithm>
#include <utility>

namespace twinsocket::detail {

namespace {

// Unwritten bytes from which on the pongs owed to a peer that does not read are reduced to the last one, as RFC 6455
// section 5.5.3 allows; so pings cannot fill our memory.
constexpr std::size_t pong_backlog = 64 * 1024;

}  // namespace

wire_session::wire_session(const session_options& options, time_point now)
    : self_(options.self),
      limits_(options.limits),
      now_(now),
      reader_({.self = options.self,
               .max_message = options.limits.max_message(),
               .max_fragments = options.limits.max_fragments()}),
      writer_(options.self, options.random),
      closing_(options.limits.close_time()),
      heartbeat_(options.keepalive, now),
      inbound_(options.limits.inbound_bytes()) {}

void wire_session::feed(std::span<std::byte> bytes, time_point now) {
  now_ = now;
  heartbeat_.heard(now);
  input_ = bytes;
}

bool wire_session::next(message& out) {
  if (!inbound_.empty()) {
    out = inbound_.pop();
    return true;
  }
  return assemble(out);
}

bool wire_session::assemble(message& out) {
  while (!input_.empty()) {
    const event found = reader_.next(input_);
    switch (found.what) {
      case event::type::piece:
        if (take_piece(found, out)) return true;
        break;
      case event::type::ping:
        answer_ping(found.bytes);
        break;
      case event::type::close:
        if (closing_.peer_closed(found.code, std::string(found.reason), now_))
          writer_.close(outbound_.tail(), found.code, found.reason);
        break;
      case event::type::violation:
        fail(found.code, std::string(found.reason), found.why);
        break;
      case event::type::pong:
      case event::type::more:
        break;
    }
  }
  kept_.reset();
  return false;
}

bool wire_session::take_piece(const event& piece, message& out) {
  if (piece.first && piece.last) {
    out = message(piece.kind, buffer(piece.bytes));
    return true;
  }
  partial_.append(piece.bytes);
  if (!piece.last) return false;
  out = message(piece.kind, std::move(partial_));
  return true;
}

void wire_session::answer_ping(std::span<const std::byte> payload) {
  if (closing_.now_in() >= closing::phase::sent) return;
  if (outbound_.size() < pong_backlog) {
    writer_.pong(outbound_.tail(), payload);
    return;
  }
  held_pong_.clear();
  held_pong_.append(payload);
  pong_is_held_ = true;
}

void wire_session::stash() {
  message complete;
  // Once this side has closed, messages beyond the bound are dropped: the peer's close frame is behind them.
  while (!input_.empty() && (!inbound_.full() || !closing_.is_open())) {
    if (!assemble(complete)) break;
    if (!inbound_.full()) inbound_.push(std::move(complete));
  }
  if (input_.empty()) {
    kept_.reset();
  } else if (kept_.empty()) {
    kept_.append(input_);
    input_ = kept_.bytes();
  }
}

void wire_session::stream_ended() {
  stream_over_ = true;
  // The peer may still read the answer to its close frame.
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
  if (closing_.fail(code, reason, now_)) writer_.close(outbound_.tail(), code, reason);
}

errc wire_session::send(message_kind kind, std::span<const std::byte> bytes) {
  if (!closing_.is_open()) return errc::closed;
  if (bytes.size() > limits_.outbound_bytes()) return errc::message_too_big;
  if (!has_room(bytes.size())) return errc::queue_full;
  writer_.message(outbound_.tail(), kind, bytes);
  return errc::ok;
}

bool wire_session::has_room(std::size_t size) const noexcept {
  return outbound_.empty() || outbound_.size() + size <= limits_.outbound_bytes();
}

void wire_session::close(close_code code, std::string reason) {
  if (closing_.begin(code, reason, now_)) writer_.close(outbound_.tail(), code, reason);
}

void wire_session::abort() {
  stream_over_ = true;
  outbound_.clear();
  input_ = {};
  closing_.stream_ended(close_initiator::local);
}

void wire_session::on_time(time_point now) {
  now_ = now;
  if (closing_.is_closed()) return;
  if (now >= closing_.due()) {
    if (!closing_.settled())
      failure_ = error(errc::timed_out, "the closing handshake took longer than " +
                                            std::to_string(limits_.close_time().count()) + " ms");
    outbound_.clear();
    stream_ended();
    return;
  }
  if (!closing_.is_open()) return;
  // While nothing is read, nothing can be heard: that is our doing and not the peer's.
  if (!input_.empty()) heartbeat_.heard(now);
  switch (heartbeat_.on_time(now)) {
    case heartbeat::action::none:
      break;
    case heartbeat::action::ping:
      writer_.ping(outbound_.tail(), {});
      break;
    case heartbeat::action::lost:
      stream_broke(error(errc::timed_out, "nothing was heard from the peer, and it did not answer a ping"));
      break;
  }
}

void wire_session::wrote(std::size_t count) {
  outbound_.taken(count);
  if (pong_is_held_ && outbound_.size() < pong_backlog) {
    pong_is_held_ = false;
    if (closing_.is_open()) writer_.pong(outbound_.tail(), held_pong_.bytes());
    held_pong_.reset();
  }
  if (stream_over_ && outbound_.empty()) closing_.stream_ended();
}

wants wire_session::wanted() const noexcept {
  wants w;
  if (closing_.is_closed()) {
    w.cut = true;
    return w;
  }
  w.read = input_.empty() && !stream_over_;
  w.write = !outbound_.empty();
  // The server ends the stream first (section 7.1.1); so does whoever fails the connection (section 7.1.7).
  w.end = closing_.settled() && (self_ == role::server || !closing_.info().clean);
  w.wake = closing_.is_open() ? heartbeat_.due() : closing_.due();
  return w;
}

error wire_session::failure() const {
  if (failure_) return *failure_;
  const close_info& info = closing_.info();
  std::string detail = std::to_string(static_cast<std::uint16_t>(info.code)) + " (" + std::string(describe(info.code)) + ")";
  if (!info.reason.empty()) detail += " " + info.reason;
  return {errc::closed, std::move(detail)};
}

}  // namespace twinsocket::detail
