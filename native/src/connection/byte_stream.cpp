#include "twinsocket/native/byte_stream.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "connection/connection_state.hpp"
#include "twinsocket/limits.hpp"

namespace twinsocket {
inline namespace native {

namespace {

// A write of up to this size is sent as a message of one frame. Larger ones are fragmented, so that they need not fit the
// send queue.
constexpr std::size_t max_single_frame_size = 64 * kib;

bool closed_normally(const detail::connection_state& state) {
  return state.settled() && state.info().clean && state.info().normal();
}

template <class From, class To>
task<result<std::uint64_t>> copy_all(From& from, To& to) {
  std::uint64_t count = 0;
  for (;;) {
    const auto bytes = co_await from.read();
    if (!bytes) co_return bytes.error();
    if (bytes->empty()) co_return count;
    if (const auto written = co_await to.write(*bytes); !written) co_return written.error();
    count += bytes->size();
  }
}

}  // namespace

byte_stream::byte_stream(connection& socket, message_kind kind)
    : connection_(socket.state().shared_from_this()), reader_(socket), writer_(socket, kind), kind_(kind) {}

task<result<std::span<const std::byte>>> byte_stream::read() {
  if (!unread_.empty()) co_return std::exchange(unread_, {});
  for (;;) {
    if (!in_message_) {
      const auto kind = co_await reader_.next_message();
      if (!kind && closed_normally(*connection_)) co_return std::span<const std::byte>();
      if (!kind) co_return kind.error();
      in_message_ = true;
    }
    const auto bytes = co_await reader_.read();
    if (!bytes) co_return bytes.error();
    if (!bytes->empty()) co_return *bytes;
    in_message_ = false;
  }
}

task<result<std::size_t>> byte_stream::read(std::span<std::byte> buffer) {
  const auto bytes = co_await read();
  if (!bytes) co_return bytes.error();
  const std::size_t count = std::min(bytes->size(), buffer.size());
  if (count > 0) std::memcpy(buffer.data(), bytes->data(), count);
  unread_ = bytes->subspan(count);
  co_return count;
}

task<result<void>> byte_stream::write(std::span<const std::byte> bytes) {
  if (bytes.empty()) co_return result<void>();
  if (bytes.size() > max_single_frame_size) {
    if (const auto written = co_await writer_.write(bytes); !written) co_return written;
    co_return co_await writer_.finish();
  }
  detail::send_awaiter sending(*connection_, kind_, bytes);
  const send_result sent = co_await sending;
  if (!sent) co_return sent.error();
  co_return result<void>();
}

task<close_info> byte_stream::close() {
  connection_->close(close_code::normal, {});
  detail::close_awaiter closing(*connection_);
  co_return co_await closing;
}

task<result<std::uint64_t>> copy(byte_stream& from, byte_stream& to) { return copy_all(from, to); }

task<result<std::uint64_t>> copy(message_reader& from, message_writer& to) { return copy_all(from, to); }

}  // namespace native
}  // namespace twinsocket
