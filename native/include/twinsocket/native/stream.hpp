#pragma once

// A setter and its getter take one line each.
// clang-format off

// Streaming of messages: a message of any size is written and read piece by piece in bounded memory. Use it on the
// connection's thread. Do not move the connection while a call is pending.
//
// limits::max_message_size applies to streamed messages too. Raise it for routes that receive larger ones.

#include <cstddef>
#include <memory>
#include <span>

#include "twinsocket/connection.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/message.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket {
inline namespace native {

/// Writes one message in fragments (RFC 6455 section 5.4).
///
///   message_writer out(socket, message_kind::binary);
///   while (read(block)) if (!co_await out.write(block)) co_return;
///   if (!co_await out.finish()) co_return;
///
/// Other messages on the same connection are queued until this one is finished; control frames are not. If a writer is
/// destroyed before finish(), the message can never be finished: close the connection.
class message_writer {
 public:
  /// The writer may outlive the connection object; its calls then fail.
  message_writer(connection& socket, message_kind kind);

  /// False sends the message uncompressed on a connection with compression. Has no effect after the first write. Default:
  /// true.
  message_writer& compress(bool on) { compress_ = on; return *this; }

  /// Sends the next fragment. Waits under backpressure. The bytes must stay valid until the write completes. Text may be
  /// split anywhere; the caller must ensure that the whole message is valid UTF-8. If the connection has ended, the error is
  /// that of connection::receive().
  [[nodiscard]] task<result<void>> write(std::span<const std::byte> bytes);

  /// Sends the final fragment.
  [[nodiscard]] task<result<void>> finish();

 private:
  std::shared_ptr<detail::connection_state> connection_;
  message_kind kind_;
  bool started_ = false;
  bool compress_ = true;
};

/// Reads messages piece by piece, as they arrive.
///
///   message_reader in(socket);
///   while (co_await in.next_message())
///     for (auto bytes = co_await in.read(); bytes && !bytes->empty(); bytes = co_await in.read()) use(*bytes);
///
/// While a reader is in use, the connection reads from the network only on demand, so the peer sees backpressure. Pings are
/// answered and the close frame is processed only after the data before them has been read. connection::receive() returns to
/// whole messages and drops the rest of a partly read one.
class message_reader {
 public:
  /// The reader may outlive the connection object; its calls then fail.
  explicit message_reader(connection& socket);

  /// Waits for the next message and returns its kind. Drops the unread rest of the previous message. If the connection has
  /// ended, the error is that of connection::receive().
  [[nodiscard]] task<result<message_kind>> next_message();

  /// Waits for and returns the next bytes of the message, valid until the next call. Empty at the end of the message. The
  /// bytes of a text message are validated as UTF-8.
  [[nodiscard]] task<result<std::span<const std::byte>>> read();

 private:
  std::shared_ptr<detail::connection_state> connection_;
  message_kind kind_ = message_kind::text;
  std::span<const std::byte> pending_;  // Bytes that next_message() has received, for the first read().
  bool has_pending_ = false;
  bool at_end_ = true;
};

}  // namespace native
}  // namespace twinsocket
