#pragma once

// A setter and its getter take one line each.
// clang-format off

// The limits of a connection. Every limit has a finite default. An error names the limit that was exceeded.

#include "twinsocket/detail/cxx20.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace twinsocket {

inline constexpr std::size_t kib = 1024;        ///< Bytes in a kibibyte.
inline constexpr std::size_t mib = 1024 * kib;  ///< Bytes in a mebibyte.

/// The limits of one connection. The setters chain, so that limits can be written inside a co_await expression with
/// every compiler. The maximum of a value's type, such as milliseconds::max(), is no limit. A timeout of 0 or less
/// expires immediately.
class limits {
 public:
  /// Maximum size of a received message in bytes, after decompression. A larger one closes with 1009. Default: 16 MiB.
  limits& max_message_size(std::size_t bytes) { max_message_size_ = bytes; return *this; }
  [[nodiscard]] std::size_t max_message_size() const noexcept { return max_message_size_; }

  /// Maximum size of a received frame in bytes on the wire. A larger one closes with 1009 as soon as its header
  /// arrives. Useful when peers fragment large messages. Default: as large as a message may be.
  limits& max_frame_size(std::size_t bytes) { max_frame_size_ = bytes; return *this; }
  [[nodiscard]] std::size_t max_frame_size() const noexcept { return max_frame_size_; }

  /// Maximum ratio of a message's decompressed to its compressed size, checked once it is larger than 16 MiB. A higher
  /// ratio closes with 1009. Up to that size max_message_size alone limits the memory, because legitimate messages can reach
  /// DEFLATE's maximum of about 1,030. Default: 100.
  limits& max_inflate_ratio(std::size_t ratio) { max_inflate_ratio_ = ratio; return *this; }
  [[nodiscard]] std::size_t max_inflate_ratio() const noexcept { return max_inflate_ratio_; }

  /// Maximum number of frames of one message. More close with 1008. Default: 524,288, twice as many as 16 MiB in
  /// fragments of 64 bytes need.
  limits& max_fragments(std::size_t frames) { max_fragments_ = frames; return *this; }
  [[nodiscard]] std::size_t max_fragments() const noexcept { return max_fragments_; }

  /// Message timeout: how long a message may take from its first byte to its last. Each min_message_rate bytes of its
  /// payload that arrive add 1 s, so that large messages pass slow networks. A slower one closes with 1008, and
  /// receive() fails with errc::peer_timeout. Control frames (RFC 6455 section 5.5) between its fragments do not extend
  /// it. Time during which reading is stopped by backpressure does not count. Messages that are streamed live for
  /// longer need a larger value. In a browser the platform decides. Default: 60 s.
  limits& message_timeout(std::chrono::milliseconds time) { message_timeout_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds message_timeout() const noexcept { return message_timeout_; }

  /// Payload bytes, as on the wire, that extend message_timeout by 1 s. 0 does not extend it. Default: 1 KiB, which
  /// allows a message of 16 MiB at most 4 h 34 min.
  limits& min_message_rate(std::size_t bytes_per_second) { min_message_rate_ = bytes_per_second; return *this; }
  [[nodiscard]] std::size_t min_message_rate() const noexcept { return min_message_rate_; }

  /// Size of the receive queue in bytes, plus one message: messages received while no receive() is pending. When it is
  /// full nothing is read from the socket, so the peer sees backpressure. Where reading cannot be stopped (a browser)
  /// the connection ends with 1013 here, and the peer receives 4013. Default: 1 MiB.
  limits& receive_queue_bytes(std::size_t bytes) { receive_queue_bytes_ = bytes; return *this; }
  [[nodiscard]] std::size_t receive_queue_bytes() const noexcept { return receive_queue_bytes_; }

  /// Size of the send queue in bytes: accepted by send() and not yet by the network. Default: 16 MiB.
  limits& send_queue_bytes(std::size_t bytes) { send_queue_bytes_ = bytes; return *this; }
  [[nodiscard]] std::size_t send_queue_bytes() const noexcept { return send_queue_bytes_; }

  /// Maximum number of messages in the send queue that wait behind bytes not yet accepted, whatever their size.
  /// Default: 65,536.
  limits& send_queue_messages(std::size_t count) { send_queue_messages_ = count; return *this; }
  [[nodiscard]] std::size_t send_queue_messages() const noexcept { return send_queue_messages_; }

  /// Close timeout: how long the peer may take to answer a close frame, and the network to accept queued data. Incoming
  /// data is meanwhile read and discarded, so that the peer receives the close frame: up to 64 MiB after the closing
  /// handshake. Default: 5 s.
  limits& close_timeout(std::chrono::milliseconds time) { close_timeout_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds close_timeout() const noexcept { return close_timeout_; }

  /// Write timeout: if the peer accepts no bytes for this long, the connection is dropped with 1006, even if the peer
  /// still sends. In a browser the platform decides. Default: 60 s.
  limits& write_timeout(std::chrono::milliseconds time) { write_timeout_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds write_timeout() const noexcept { return write_timeout_; }

  /// Idle timeout: how long a connection may stay open without a message in either direction, even if the peer answers
  /// pings. Then this side closes it with 1001. Default: 24 h.
  limits& idle_timeout(std::chrono::milliseconds time) { idle_timeout_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds idle_timeout() const noexcept { return idle_timeout_; }

  /// Opening handshake timeout of the accepting side. Default: 10 s.
  limits& handshake_timeout(std::chrono::milliseconds time) { handshake_timeout_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds handshake_timeout() const noexcept { return handshake_timeout_; }

 private:
  std::size_t max_message_size_ = 16 * mib;
  std::size_t max_frame_size_ = SIZE_MAX;
  std::size_t max_inflate_ratio_ = 100;
  std::size_t max_fragments_ = 524'288;
  std::chrono::milliseconds message_timeout_{60'000};
  std::size_t min_message_rate_ = 1 * kib;
  std::size_t receive_queue_bytes_ = 1 * mib;
  std::size_t send_queue_bytes_ = 16 * mib;
  std::size_t send_queue_messages_ = 65'536;
  std::chrono::milliseconds close_timeout_{5'000};
  std::chrono::milliseconds write_timeout_{60'000};
  std::chrono::milliseconds idle_timeout_ = std::chrono::hours(24);
  std::chrono::milliseconds handshake_timeout_{10'000};
};

}  // namespace twinsocket
