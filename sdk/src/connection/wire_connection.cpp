#include "connection/wire_connection.hpp"

#include <utility>

#include "attempt.hpp"

namespace twinsocket::detail {

namespace {

// Output is written once, at the end of the turn. It is written earlier when it reaches this size, while it is still in
// the CPU cache.
constexpr std::size_t early_write = 128 * 1024;

}  // namespace

wire_connection::wire_connection(loop& home, const session_options& options, std::string subprotocol)
    : connection_state(home, std::move(subprotocol), options.limits), session_(options, home.now()) {}

// std::bad_alloc closes the connection instead of leaving this function.
template <class F>
void wire_connection::guarded(F&& function) noexcept {
  if (!attempt(function)) ran_out_of_memory();
}

void wire_connection::start(byte_transport& transport) {
  transport_ = &transport;
  if (home().closing()) begin_close(close_code::normal, {});
  carry_out();
  home().flush_later(*this);
}

void wire_connection::arrived(std::span<std::byte> bytes) {
  if (!begun_) {
    if (!early_) early_ = std::make_unique<buffer>();
    early_->append(bytes);
    return;
  }
  const auto self = shared_from_this();
  arriving_ = true;
  guarded([&] {
    session_.feed(bytes, home().now());
    deliver();
    session_.stash();
  });
  arriving_ = false;
  // Now, not at the end of the turn: further input would overwrite the bytes that are still unread.
  if (reading_ && transport_ && !session_.wanted().read) transport_->read(reading_ = false);
  if (session_.answered_ping() != answered_) {
    answered_ = session_.answered_ping();
    tell_watchers();
  }
  home().flush_later(*this);
}

void wire_connection::ended() {
  if (!begun_) {
    ends_early_ = true;
    return;
  }
  session_.stream_ended();
  home().flush_later(*this);
}

void wire_connection::broke(error why) {
  session_.stream_broke(std::move(why));
  home().flush_later(*this);
}

void wire_connection::writable() {
  blocked_ = false;
  home().flush_later(*this);
}

bool wire_connection::next(message& out) {
  bool found = false;
  guarded([&] { found = session_.next(out); });
  return read_on(found);
}

bool wire_connection::next_piece(message_piece& out) {
  bool found = false;
  guarded([&] { found = session_.next_piece(out); });
  return read_on(found);
}

// A message was taken, so there may be room to read on.
bool wire_connection::read_on(bool found) {
  if (!arriving_ && !reading_) home().flush_later(*this);
  return found;
}

errc wire_connection::push_fragment(message_kind kind, std::span<const std::byte> bytes, bool first, bool last,
                                    bool compress) {
  session_.set_time(home().now());
  if (first && is_open() && !is_next_to_send()) return errc::queue_full;
  errc code = errc::closed;
  guarded([&] { code = session_.send_fragment(kind, bytes, first, last, compress); });
  if (code == errc::ok) write_soon();
  return code;
}

std::uint64_t wire_connection::push_ping(std::span<const std::byte> payload) {
  session_.set_time(home().now());
  std::uint64_t number = 0;
  guarded([&] { number = session_.ping(payload); });
  home().flush_later(*this);
  return number;
}

void wire_connection::probe(bool) {
  session_.set_time(home().now());
  session_.probe();
  home().flush_later(*this);
}

void wire_connection::write_soon() {
  if (session_.output().size() >= early_write && !blocked_) write_out();
  home().flush_later(*this);
}

errc wire_connection::push(const outgoing& m) {
  session_.set_time(home().now());
  errc code = errc::closed;
  guarded([&] { code = session_.send(m); });
  if (code != errc::queue_full) write_soon();
  return code;
}

// The shared memory is written directly. Only what the network does not accept is copied.
bool wire_connection::push_frames(const frame_block& block, std::size_t limit, bool at_once) {
  if (!session_.takes(block, limit)) return false;
  if (!at_once || blocked_ || !transport_ || !session_.output().empty()) {
    session_.add(block, 0);
    write_soon();
    return true;
  }
  const std::size_t taken = transport_->write(block.frames);
  blocked_ = taken < block.frames.size();
  session_.add(block, taken);
  if (blocked_) session_.wrote(0);
  return true;
}

void wire_connection::begin_close(close_code code, std::string reason) {
  session_.set_time(home().now());
  guarded([&] { session_.close(code, std::move(reason)); });
  home().flush_later(*this);
}

void wire_connection::apply_limits(const limits& values) {
  session_.set_limits(values);
  home().flush_later(*this);
}

void wire_connection::cut() {
  session_.abort();
  home().flush_later(*this);
}

void wire_connection::lose_loop() {
  if (armed()) timer::unlink();
  if (flushable::is_linked()) flushable::unlink();
  early_.reset();
  session_.abort();
  released_ = true;
  cut_ = true;
  if (transport_) std::exchange(transport_, nullptr)->lose_loop();
}

void wire_connection::on_time(time_point now) {
  guarded([&] { session_.on_time(now); });
  home().flush_later(*this);
}

void wire_connection::ran_out_of_memory() noexcept {
  // The first time there may be enough memory left for a close frame.
  if (std::exchange(out_of_memory_, true)) {
    session_.abort();
  } else {
    session_.ran_out_of_memory();
  }
  home().flush_later(*this);
}

void wire_connection::flush() {
  const auto self = shared_from_this();
  guarded([&] { flush_now(); });
}

void wire_connection::flush_now() {
  if (!std::exchange(begun_, true)) {
    const std::unique_ptr<buffer> early = std::move(early_);
    if (early) arrived(early->bytes());
    if (ends_early_) session_.stream_ended();
  }
  if (session_.settled() && !std::exchange(released_, true)) release_waiters();
  write_out();
  retry_senders();
  tell_watchers();
  carry_out();
}

void wire_connection::write_out() {
  session_.set_time(home().now());
  while (transport_ && !blocked_ && !session_.output().empty()) {
    const std::size_t wanted = session_.output().size();
    const std::size_t taken = transport_->write(session_.output());
    session_.wrote(taken);
    blocked_ = taken < wanted;
  }
}

void wire_connection::carry_out() {
  if (!transport_) return;
  const wants w = session_.wanted();
  if (w.cut) {
    if (armed()) timer::unlink();
    std::exchange(transport_, nullptr)->cut();
    cut_ = true;
    tell_watchers();
    return;
  }
  if (w.end && !w.write && !std::exchange(end_told_, true)) transport_->end();
  if (w.read != reading_) transport_->read(reading_ = w.read);
  // Traffic only moves the deadline later. The timer is left as it is then, and checks again when it fires.
  if (w.wake != time_point::max() && (!armed() || w.wake < when())) home().arm(*this, w.wake);
}

std::string wire_connection::local_address() const { return transport_ ? transport_->local_address() : std::string(); }
std::string wire_connection::remote_address() const {
  if (remote_address_) return *remote_address_;
  return transport_ ? transport_->remote_address() : std::string();
}

}  // namespace twinsocket::detail
