#pragma once

// A connection as a byte stream: read and write as on a socket, for protocols that do their own framing. Memory use is
// bounded. Use it on the thread of the connection's event loop. Do not move the connection while a call is pending.

#include <cstddef>
#include <cstdint>
#include <span>

#include "twinsocket/close.hpp"
#include "twinsocket/native/stream.hpp"

namespace twinsocket {
inline namespace native {

/// A connection as a byte stream, for protocols that do their own framing. Use it on the thread of the connection's
/// event loop. Do not move the connection while a call is pending.
class byte_stream {
 public:
  /// Writes messages of this kind; reads messages of both kinds. With message_kind::text each write must be valid UTF-8 by
  /// itself. The stream may outlive the connection object; destroying the connection ends the stream.
  explicit byte_stream(connection& socket, message_kind kind = message_kind::binary);

  /// Waits for data and copies what is available into `buffer`. Returns the number of bytes, 0 at the end of the stream: the
  /// peer has closed with 1000 (normal) or 1001 (going away). Any other end is the error of connection::receive().
  [[nodiscard]] task<result<std::size_t>> read(std::span<std::byte> buffer);

  /// As above, without a copy. The bytes are valid until the next read.
  [[nodiscard]] task<result<std::span<const std::byte>>> read();

  /// Writes all bytes as one message. Waits under backpressure. The bytes must stay valid until the write completes.
  [[nodiscard]] task<result<void>> write(std::span<const std::byte> bytes);

  /// Closes both directions with 1000 and waits for the peer's close frame, at most limits::close_timeout.
  task<close_info> close();

 private:
  std::shared_ptr<detail::connection_state> connection_;
  message_reader reader_;
  message_writer writer_;
  message_kind kind_;
  bool in_message_ = false;
  std::span<const std::byte> unread_;  // Received bytes that did not fit into the caller's buffer.
};

/// Copies `from` to `to` until `from` ends. Returns the number of bytes. Both may be the same stream.
[[nodiscard]] task<result<std::uint64_t>> copy(byte_stream& from, byte_stream& to);

/// Copies the rest of a received message into an outgoing one, as it arrives. Returns the number of bytes. Does not call
/// message_writer::finish().
[[nodiscard]] task<result<std::uint64_t>> copy(message_reader& from, message_writer& to);

}  // namespace native
}  // namespace twinsocket
