#include "connection/wire_connection.hpp"

#include <utility>

#include "attempt.hpp"
#include "protocol/utf8.hpp"

namespace twinsocket::detail {

namespace {

// Output is written once, at the end of the turn. It is written earlier when it reaches this size, while it is still in
// the CPU cache.
constexpr std::size_t flush_threshold = 128 * 1024;

// A payload of this size is written from the caller's memory, together with the output before it, instead of being copied.
constexpr std::size_t direct_write_threshold = 8 * 1024;
// Smaller ones than this are written so only once a turn: a burst of them is cheaper in few large writes.
constexpr std::size_t always_direct_threshold = 64 * 1024;

}  // namespace

wire_connection::wire_connection(loop& own_loop, const session_options& options, std::string subprotocol)
    : connection_state(own_loop, std::move(subprotocol), *options.limits), session_(options, own_loop.now()) {}

// std::bad_alloc closes the connection instead of leaving this function.
template <class F>
void wire_connection::guarded(F&& function) noexcept {
  if (!attempt(function)) ran_out_of_memory();
}

void wire_connection::start(byte_transport& transport) {
  transport_ = &transport;
  if (own_loop().closing()) begin_close(close_code::normal, {});
  apply_pending_io();
  own_loop().schedule_flush(*this);
}

void wire_connection::on_bytes(std::span<std::byte> bytes) {
  if (!started_) {
    if (!early_input_) early_input_ = std::make_unique<buffer>();
    early_input_->append(bytes);
    return;
  }
  in_feed_ = true;
  guarded([&] {
    session_.feed(bytes, own_loop().now());
    resume_receivers();
    session_.release_input();
  });
  in_feed_ = false;
  // Now, not at the end of the turn: further input would overwrite the bytes that are still unread.
  if (reading_ && transport_ && !session_.wants_input()) transport_->read(reading_ = false);
  if (session_.take_answer()) notify_watchers();
  own_loop().schedule_flush(*this);
}

void wire_connection::on_stream_end() {
  if (!started_) {
    early_end_ = true;
    return;
  }
  session_.stream_ended();
  own_loop().schedule_flush(*this);
}

void wire_connection::on_stream_error(error why) {
  session_.stream_failed(std::move(why));
  own_loop().schedule_flush(*this);
}

void wire_connection::on_writable() {
  write_blocked_ = false;
  own_loop().schedule_flush(*this);
}

bool wire_connection::next(message& out) {
  bool found = false;
  guarded([&] { found = session_.next(out); });
  return resume_reading(found);
}

bool wire_connection::next_piece(message_piece& out) {
  bool found = false;
  guarded([&] { found = session_.next_piece(out); });
  return resume_reading(found);
}

// A message has left the queue, so there may be room to read on.
bool wire_connection::resume_reading(bool found) {
  if (!in_feed_ && !reading_) own_loop().schedule_flush(*this);
  return found;
}

errc wire_connection::push_fragment(message_kind kind, std::span<const std::byte> bytes, bool first, bool last,
                                    bool compress) {
  session_.set_time(own_loop().now());
  if (first && is_open() && !can_send_now()) return errc::queue_full;
  errc code = errc::closed;
  guarded([&] { code = session_.send_fragment(kind, bytes, first, last, compress); });
  if (code == errc::ok) schedule_write();
  return code;
}

std::uint64_t wire_connection::push_ping(std::span<const std::byte> payload) {
  session_.set_time(own_loop().now());
  std::uint64_t number = 0;
  guarded([&] { number = session_.ping(payload); });
  own_loop().schedule_flush(*this);
  return number;
}

void wire_connection::probe(bool) {
  session_.set_time(own_loop().now());
  session_.probe();
  own_loop().schedule_flush(*this);
}

void wire_connection::schedule_write() {
  if (session_.output().size() >= flush_threshold && !write_blocked_) write_out();
  own_loop().schedule_flush(*this);
}

errc wire_connection::push(const send_request& m) {
  session_.set_time(own_loop().now());
  errc code = errc::closed;
  guarded([&] { code = writes_directly(m) ? write_directly(m) : session_.send(m); });
  if (code != errc::queue_full) schedule_write();
  return code;
}

bool wire_connection::push_at_once(message_kind kind, std::span<const std::byte> bytes, bool known_utf8) {
  // Nothing is written before the end of the turn, so the network cannot become congested here.
  if (bytes.size() >= direct_write_threshold || session_.output().size() >= flush_threshold - direct_write_threshold ||
      !session_.can_send_at_once(bytes.size()) || (kind == message_kind::text && !known_utf8 && !is_valid_utf8(bytes)))
    return false;
  session_.set_time(own_loop().now());
  bool sent = false;
  guarded([&] {
    session_.send_at_once(kind, bytes);
    sent = true;
  });
  if (sent) own_loop().schedule_flush(*this);
  return sent;
}

bool wire_connection::writes_directly(const send_request& m) const {
  if (m.bytes.size() < direct_write_threshold || (wrote_directly_ && m.bytes.size() < always_direct_threshold))
    return false;
  return transport_ && !write_blocked_ && transport_->gathers() && session_.can_send_directly(m);
}

errc wire_connection::write_directly(const send_request& m) {
  wrote_directly_ = true;
  const std::span<const std::byte> body = session_.begin_direct_send(m);
  const std::size_t wanted = session_.output().size() + body.size();
  const std::size_t taken = transport_->write(session_.output(), body);
  write_blocked_ = taken < wanted;
  session_.end_direct_send(body, taken);
  return errc::ok;
}

// The shared memory is written directly. Only what the network does not accept is copied.
bool wire_connection::push_frames(const frame_block& block, std::size_t limit, bool at_once) {
  if (!session_.can_add(block, limit)) return false;
  if (!at_once || write_blocked_ || !transport_ || !session_.output().empty()) {
    session_.add(block, 0);
    schedule_write();
    return true;
  }
  const std::size_t accepted = transport_->write(block.frames);
  write_blocked_ = accepted < block.frames.size();
  session_.add(block, accepted);
  if (write_blocked_) session_.on_written(0);
  return true;
}

void wire_connection::begin_close(close_code code, std::string reason) {
  session_.set_time(own_loop().now());
  guarded([&] { session_.close(code, std::move(reason)); });
  own_loop().schedule_flush(*this);
}

void wire_connection::apply_limits(const limits& values) {
  guarded([&] { session_.set_limits(values); });
  // The deadlines may be earlier now.
  if (armed()) timer::unlink();
  own_loop().schedule_flush(*this);
}

void wire_connection::close_stream() {
  session_.abort();
  own_loop().schedule_flush(*this);
}

void wire_connection::release_loop() {
  if (armed()) timer::unlink();
  if (flushable::is_linked()) flushable::unlink();
  early_input_.reset();
  session_.abort();
  released_ = true;
  stream_closed_ = true;
  if (transport_) std::exchange(transport_, nullptr)->release_loop();
}

void wire_connection::on_timer(time_point now) {
  guarded([&] { session_.on_timer(now); });
  own_loop().schedule_flush(*this);
}

void wire_connection::ran_out_of_memory() noexcept {
  // The first time there may be enough memory left for a close frame.
  if (std::exchange(out_of_memory_, true)) {
    session_.abort();
  } else {
    session_.ran_out_of_memory();
  }
  own_loop().schedule_flush(*this);
}

void wire_connection::flush() {
  // At the end the last owner may be a coroutine that is resumed here.
  const auto self = transport_ && !session_.settled() ? nullptr : shared_from_this();
  guarded([&] { flush_now(); });
}

void wire_connection::flush_now() {
  if (!std::exchange(started_, true)) {
    const std::unique_ptr<buffer> early = std::move(early_input_);
    if (early) on_bytes(early->bytes());
    if (early_end_) session_.stream_ended();
  }
  if (session_.settled() && !std::exchange(released_, true)) resume_all_waiters();
  write_out();
  wrote_directly_ = false;
  resume_senders();
  notify_watchers();
  apply_pending_io();
}

void wire_connection::write_out() {
  session_.set_time(own_loop().now());
  while (transport_ && !write_blocked_ && !session_.output().empty()) {
    const std::size_t wanted = session_.output().size();
    const std::size_t accepted = transport_->write(session_.output());
    session_.on_written(accepted);
    write_blocked_ = accepted < wanted;
  }
}

void wire_connection::apply_pending_io() {
  if (!transport_) return;
  if (armed() && !session_.has_new_io()) {
    if (session_.wants_input() != reading_) transport_->read(reading_ = !reading_);
    return;
  }
  const pending_io w = session_.next_io();
  if (w.close_stream) {
    if (armed()) timer::unlink();
    const auto self = shared_from_this();
    std::exchange(transport_, nullptr)->close_stream();
    stream_closed_ = true;
    notify_watchers();
    return;
  }
  if (w.end && !w.write && !std::exchange(end_requested_, true)) transport_->end();
  if (w.read != reading_) transport_->read(reading_ = w.read);
  // Traffic only moves the deadline later. The timer is left as it is then, and checks again when it fires.
  if (w.wake != time_point::max() && (!armed() || w.wake < expiry())) own_loop().arm(*this, w.wake);
}

std::string wire_connection::local_address() const { return transport_ ? transport_->local_address() : std::string(); }
std::string wire_connection::remote_address() const {
  if (remote_address_) return *remote_address_;
  return transport_ ? transport_->remote_address() : std::string();
}

}  // namespace twinsocket::detail
