#pragma once

// A connection as a stream of bytes, for protocols that make their own boundaries: read and write as on a socket. Memory is
// bounded whatever passes. On the connection's own thread; the connection must outlive the stream, and not be moved while a
// call waits.

#include <cstddef>
#include <cstdint>
#include <span>

#include "twinsocket/close.hpp"
#include "twinsocket/native/stream.hpp"

namespace twinsocket {

class byte_stream {
 public:
  /// Writes messages of this kind, and reads messages of either. Text that is written must be UTF-8 piece by piece.
  /// On the thread of the connection's event loop, as all of it. It may outlive the connection object, which ends it.
  explicit byte_stream(connection& socket, message_kind kind = message_kind::binary);

  /// Waits for bytes and gives those that have come, as many as `room` holds at most. None at the end of the stream: when
  /// the peer has closed with 1000 (normal) or 1001 (going away). Any other end is the error of connection::receive().
  [[nodiscard]] task<result<std::size_t>> read(std::span<std::byte> room);

  /// The same without a copy: the bytes are good until the next read.
  [[nodiscard]] task<result<std::span<const std::byte>>> read();

  /// Writes all of the bytes, as one message, waiting while the network does not keep up; they must live until it is over.
  [[nodiscard]] task<result<void>> write(std::span<const std::byte> bytes);

  /// Ends the stream in both directions: closes with 1000 and waits for the peer, at most limits::close_time.
  task<close_info> close();

 private:
  std::shared_ptr<detail::connection_state> connection_;
  message_reader reader_;
  message_writer writer_;
  message_kind kind_;
  bool in_message_ = false;
  std::span<const std::byte> rest_;  // Read, and more than there was room for.
};

/// Writes to one stream what comes from the other until that ends, and gives the number of bytes. The two may be the same.
[[nodiscard]] task<result<std::uint64_t>> copy(byte_stream& from, byte_stream& to);

/// Writes to one message the rest of another as it arrives, and gives the number of bytes; finish() is left to the caller.
[[nodiscard]] task<result<std::uint64_t>> copy(message_reader& from, message_writer& to);

}  // namespace twinsocket
