#include "twinsocket/native/stream.hpp"

#include <algorithm>
#include <utility>

#include "connection/wire_connection.hpp"

namespace twinsocket {
inline namespace native {

namespace {

// Native connections are always wire connections.
detail::wire_connection& wire(detail::connection_state& state) { return static_cast<detail::wire_connection&>(state); }

// Largest fragment that is queued at once.
constexpr std::size_t max_fragment_size = 64 * kib;

class receive_fragment_awaiter final : public detail::waiter {
 public:
  explicit receive_fragment_awaiter(detail::connection_state& state) noexcept : waiter(state), wire_(wire(state)) {}

  bool await_ready() { return !on_own_loop() || ready(); }
  void await_suspend(std::coroutine_handle<> waiting) { wire_.wait_to_receive(*this, waiting); }
  result<detail::message_piece> await_resume() {
    if (!on_own_loop()) return wrong_loop_error("a message_reader");
    if (!found_) return wire_.receive_failure();
    return piece_;
  }

 private:
  bool ready() override {
    if (wire_.is_abandoned()) return true;
    found_ = wire_.next_piece(piece_);
    return found_ || wire_.settled();
  }

  detail::wire_connection& wire_;
  detail::message_piece piece_;
  bool found_ = false;
};

class send_fragment_awaiter final : public detail::waiter {
 public:
  send_fragment_awaiter(detail::connection_state& state, message_kind kind, std::span<const std::byte> bytes,
                        bool first, bool last, bool compress) noexcept
      : waiter(state),
        wire_(wire(state)),
        kind_(kind),
        bytes_(bytes),
        first_(first),
        last_(last),
        compress_(compress) {}

  bool await_ready() { return !on_own_loop() || ready(); }
  // Later fragments of a message go before senders that wait for the end of the message.
  void await_suspend(std::coroutine_handle<> waiting) {
    first_ ? wire_.wait_to_send(*this, waiting) : wire_.wait_to_send_at_front(*this, waiting);
  }
  result<void> await_resume() {
    if (!on_own_loop()) return wrong_loop_error("a message_writer");
    if (code_ != errc::ok) return wire_.failure();
    return {};
  }

 private:
  bool ready() override {
    code_ = wire_.push_fragment(kind_, bytes_, first_, last_, compress_);
    return code_ != errc::queue_full;
  }

  detail::wire_connection& wire_;
  message_kind kind_;
  std::span<const std::byte> bytes_;
  bool first_;
  bool last_;
  bool compress_;
  errc code_ = errc::ok;
};

}  // namespace

message_writer::message_writer(connection& socket, message_kind kind)
    : connection_(socket.state().shared_from_this()), kind_(kind) {}

message_reader::message_reader(connection& socket) : connection_(socket.state().shared_from_this()) {}

task<result<void>> message_writer::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto part = bytes.first(std::min(bytes.size(), max_fragment_size));
    send_fragment_awaiter writing(*connection_, kind_, part, !started_, false, compress_);
    result<void> written = co_await writing;
    if (!written) co_return written;
    started_ = true;
    bytes = bytes.subspan(part.size());
  }
  co_return result<void>();
}

task<result<void>> message_writer::finish() {
  send_fragment_awaiter writing(*connection_, kind_, {}, !started_, true, compress_);
  started_ = false;
  co_return co_await writing;
}

task<result<message_kind>> message_reader::next_message() {
  while (!at_end_) {
    const auto rest = co_await read();
    if (!rest) co_return rest.error();
  }
  receive_fragment_awaiter reading(*connection_);
  const result<detail::message_piece> first = co_await reading;
  if (!first) co_return first.error();
  kind_ = first->kind;
  pending_ = first->bytes;
  has_pending_ = true;
  at_end_ = first->last;
  co_return kind_;
}

task<result<std::span<const std::byte>>> message_reader::read() {
  if (std::exchange(has_pending_, false) && !pending_.empty()) co_return pending_;
  while (!at_end_) {
    receive_fragment_awaiter reading(*connection_);
    const result<detail::message_piece> next = co_await reading;
    if (!next) co_return next.error();
    at_end_ = next->last;
    if (!next->bytes.empty()) co_return next->bytes;
  }
  co_return std::span<const std::byte>();
}

}  // namespace native
}  // namespace twinsocket
