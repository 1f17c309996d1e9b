#pragma once

// Every limit of a connection, finite by default. A limit that is passed ends in an error that names it.

#include "twinsocket/detail/cxx20.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace twinsocket {

/// Bytes in a kibibyte and a mebibyte.
inline constexpr std::size_t kib = 1024;
inline constexpr std::size_t mib = 1024 * kib;

/// The limits of one connection. A class with chained setters, so that it can be written inside a co_await
/// expression with every compiler; a value set to its type's maximum, such as
/// milliseconds::max(), is no limit. A time of 0 or less is over at once.
class limits {
 public:
  /// The largest message that is received, in bytes, counted after inflate: 16 MiB. A larger one closes 1009.
  limits& max_message(std::size_t bytes) { max_message_ = bytes; return *this; }
  [[nodiscard]] std::size_t max_message() const noexcept { return max_message_; }

  /// The largest frame that is received, in bytes on the wire: as large as a message may be. A larger one closes 1009, as
  /// soon as its header is there. For those whose peers send what is long in pieces.
  limits& max_frame(std::size_t bytes) { max_frame_ = bytes; return *this; }
  [[nodiscard]] std::size_t max_frame() const noexcept { return max_frame_; }

  /// How many times its compressed size a message may be after inflate, counted once it is larger than 16 MiB: 100. A
  /// higher ratio closes 1009. Up to that size max_message alone guards the memory, because honest messages can shrink as
  /// much as DEFLATE can, which is about 1,030 times.
  limits& max_inflate_ratio(std::size_t ratio) { max_inflate_ratio_ = ratio; return *this; }
  [[nodiscard]] std::size_t max_inflate_ratio() const noexcept { return max_inflate_ratio_; }

  /// The most frames that one message may come in: 524,288, twice as many as 16 MiB take in fragments of 64
  /// bytes. More close 1008.
  limits& max_fragments(std::size_t frames) { max_fragments_ = frames; return *this; }
  [[nodiscard]] std::size_t max_fragments() const noexcept { return max_fragments_; }

  /// Message timeout: how long a message may take from its first byte to its last. Each min_message_rate bytes of its
  /// payload that arrive add 1 s, so that large messages pass slow networks. A slower one closes 1008, and receive() fails
  /// with errc::no_answer. Control frames (RFC 6455 section 5.5) between its fragments do not extend it, and the time in
  /// which this side does not read because messages are not asked for does not count. A message that is streamed live for
  /// longer than that needs a larger value. Where the platform does the reading (a browser) it decides. Default: 60 s.
  limits& message_timeout(std::chrono::milliseconds time) { message_timeout_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds message_timeout() const noexcept { return message_timeout_; }

  /// Bytes of payload, as they are on the wire, that extend message_timeout by 1 s. 0: the timeout is not extended.
  /// Default: 1 KiB, with which a message of 16 MiB has at most 4 h 34 min.
  limits& min_message_rate(std::size_t bytes_per_second) { min_message_rate_ = bytes_per_second; return *this; }
  [[nodiscard]] std::size_t min_message_rate() const noexcept { return min_message_rate_; }

  /// Messages received and not yet asked for, in bytes: 1 MiB, and one message more. When it is full nothing is read
  /// from the socket; where reading cannot be stopped (a browser) the connection closes with 4013.
  limits& inbound_bytes(std::size_t bytes) { inbound_bytes_ = bytes; return *this; }
  [[nodiscard]] std::size_t inbound_bytes() const noexcept { return inbound_bytes_; }

  /// Bytes accepted by send and not yet taken by the network: 16 MiB.
  limits& outbound_bytes(std::size_t bytes) { outbound_bytes_ = bytes; return *this; }
  [[nodiscard]] std::size_t outbound_bytes() const noexcept { return outbound_bytes_; }

  /// Messages accepted by send that wait behind bytes not yet taken, however small they are: 65,536.
  limits& outbound_messages(std::size_t count) { outbound_messages_ = count; return *this; }
  [[nodiscard]] std::size_t outbound_messages() const noexcept { return outbound_messages_; }

  /// How long the peer has to answer a close frame, and the network to take what is queued: 5 s. What the peer still sends
  /// is read and dropped meanwhile, up to 64 MiB once the conversation is over, so that it gets the close frame.
  limits& close_time(std::chrono::milliseconds time) { close_time_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds close_time() const noexcept { return close_time_; }

  /// How long the network may take nothing of what is sent, because the peer does not read: 60 s. Then the connection is
  /// lost (1006), whatever the peer itself still sends. Where the platform does the writing (a browser) it decides.
  limits& send_time(std::chrono::milliseconds time) { send_time_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds send_time() const noexcept { return send_time_; }

  /// How long a connection may stay open without a message in either direction, however well the peer answers pings:
  /// 24 h. Then this side closes it with 1001.
  limits& idle_time(std::chrono::milliseconds time) { idle_time_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds idle_time() const noexcept { return idle_time_; }

  /// How long the opening handshake may take on the accepting side: 10 s.
  limits& handshake_time(std::chrono::milliseconds time) { handshake_time_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds handshake_time() const noexcept { return handshake_time_; }

 private:
  std::size_t max_message_ = 16 * mib;
  std::size_t max_frame_ = SIZE_MAX;
  std::size_t max_inflate_ratio_ = 100;
  std::size_t max_fragments_ = 524'288;
  std::chrono::milliseconds message_timeout_{60'000};
  std::size_t min_message_rate_ = 1 * kib;
  std::size_t inbound_bytes_ = 1 * mib;
  std::size_t outbound_bytes_ = 16 * mib;
  std::size_t outbound_messages_ = 65'536;
  std::chrono::milliseconds close_time_{5'000};
  std::chrono::milliseconds send_time_{60'000};
  std::chrono::milliseconds idle_time_ = std::chrono::hours(24);
  std::chrono::milliseconds handshake_time_{10'000};
};

}  // namespace twinsocket
