#pragma once

// A message as a stream: written and read in pieces, in bounded memory, whatever its size. On the connection's own thread;
// the connection must outlive the stream, and not be moved while a call waits.
//
// What a stream receives counts against limits::max_message as any other message does: raise that limit for a route that
// takes larger ones.

#include <cstddef>
#include <memory>
#include <span>

#include "twinsocket/connection.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/message.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket {

/// Writes one message in fragments (RFC 6455 section 5.4).
///
///   message_writer out(socket, message_kind::binary);
///   while (read(block)) if (!co_await out.write(block)) co_return;
///   if (!co_await out.finish()) co_return;
///
/// Messages that are sent to the same connection meanwhile wait for its end; pings, pongs and a close do not. A writer that
/// is let go before finish() leaves the message unfinished for good: close the connection then.
class message_writer {
 public:
  /// On the thread of the connection's event loop, as all of it. It may outlive the connection object, which ends it.
  message_writer(connection& socket, message_kind kind);

  /// False sends the message as it is, where messages are compressed: true. It counts before the first bytes.
  message_writer& compress(bool on) { compress_ = on; return *this; }

  /// Sends the next bytes, waiting while the network does not keep up; they must live until it is over. Text may be cut
  /// anywhere; that it is UTF-8 is the caller's business. The error is that of connection::receive() at its end.
  [[nodiscard]] task<result<void>> write(std::span<const std::byte> bytes);

  /// Ends the message.
  [[nodiscard]] task<result<void>> finish();

 private:
  std::shared_ptr<detail::connection_state> connection_;
  message_kind kind_;
  bool begun_ = false;
  bool compress_ = true;
};

/// Reads messages in pieces, as they arrive.
///
///   message_reader in(socket);
///   while (co_await in.next_message())
///     for (auto bytes = co_await in.read(); bytes && !bytes->empty(); bytes = co_await in.read()) use(*bytes);
///
/// While it is used, nothing is read from the network that nobody asks for: the peer feels it, its pings are answered and
/// its close is seen no sooner than the data before them is read. connection::receive() takes whole messages again, and
/// drops the rest of one that was begun here.
class message_reader {
 public:
  /// On the thread of the connection's event loop, as all of it. It may outlive the connection object, which ends it.
  explicit message_reader(connection& socket);

  /// Waits for the next message and gives its kind. What was not read of the one before is dropped. The error at the end of
  /// the connection is that of connection::receive().
  [[nodiscard]] task<result<message_kind>> next_message();

  /// Gives the next bytes of the message, as many as have come, good until the next call; none at its end. A text is
  /// checked as UTF-8 up to there.
  [[nodiscard]] task<result<std::span<const std::byte>>> read();

 private:
  std::shared_ptr<detail::connection_state> connection_;
  message_kind kind_ = message_kind::text;
  std::span<const std::byte> pending_;  // Found by next_message(), for the first read().
  bool has_pending_ = false;
  bool ended_ = true;
};

}  // namespace twinsocket
