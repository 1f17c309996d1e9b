#pragma once

// A setter and its getter take one line each.
// clang-format off

// Message compression with permessage-deflate (RFC 7692), for native endpoints; browsers negotiate it themselves. Default:
// off, on servers and clients, because compressing costs many times the CPU time of sending a message uncompressed. It also
// leaks information: if a message holds both a secret and text that an attacker controls, its compressed size can reveal the
// secret (see send_options::compress).
//
//   server.websocket("/feed", websocket_options().compression(compression_options().level(6)), handler);
//
// Control frames are never compressed. Size limits apply to the inflated message; see limits::max_message_size and
// limits::max_inflate_ratio.

#include "twinsocket/detail/cxx20.hpp"

#include <concepts>
#include <cstddef>
#include <optional>

namespace twinsocket {
inline namespace native {

/// Parameters of permessage-deflate. Passing any value turns compression on; `true` uses the defaults, `false` turns it off.
class compression_options {
 public:
  compression_options() = default;
  compression_options(std::same_as<bool> auto on) : enabled_(on) {}

  [[nodiscard]] bool enabled() const noexcept { return enabled_; }  ///< False only if made from `false`.

  /// Smaller messages, in bytes, are sent uncompressed, because they fit into one network packet anyway. Default: 1,024.
  compression_options& threshold(std::size_t bytes) { threshold_ = bytes; return *this; }
  [[nodiscard]] std::size_t threshold() const noexcept { return threshold_; }

  /// Compression level, from 1 (fastest) to 9 (smallest). Default: 3.
  compression_options& level(int value) { level_ = value; return *this; }
  [[nodiscard]] int level() const noexcept { return level_; }

  /// zlib's memory level, from 1 to 9. Default: 8. A compressor takes 2^(memory_level + 9) + 2^(window bits + 2) bytes:
  /// 256 KiB with the defaults.
  compression_options& memory_level(int value) { memory_level_ = value; return *this; }
  [[nodiscard]] int memory_level() const noexcept { return memory_level_; }

  /// If true, the server compresses each message independently (RFC 7692 section 7.1.1). Messages get larger, because they
  /// cannot refer back to earlier ones. In return the compressor's memory is per thread rather than per connection, and a
  /// prepared_message is compressed once for all recipients. Default: true on a server; on a client the server decides.
  compression_options& server_no_context_takeover(bool on) { server_no_context_takeover_ = on; return *this; }
  [[nodiscard]] std::optional<bool> server_no_context_takeover() const noexcept { return server_no_context_takeover_; }

  /// The same for the client's messages. With context takeover a server needs 40 KiB per connection to inflate them.
  compression_options& client_no_context_takeover(bool on) { client_no_context_takeover_ = on; return *this; }
  [[nodiscard]] std::optional<bool> client_no_context_takeover() const noexcept { return client_no_context_takeover_; }

  /// Base-2 logarithm of the server's LZ77 window size (RFC 7692 section 7.1.2), from 8 to 15. Default: 15, which is 32 KiB.
  /// A client that requests less and does not get it connects without compression.
  compression_options& server_max_window_bits(int bits) { server_max_window_bits_ = bits; return *this; }
  [[nodiscard]] int server_max_window_bits() const noexcept { return server_max_window_bits_; }

  /// The same for the client's messages. A server can limit only clients that offer client_max_window_bits.
  compression_options& client_max_window_bits(int bits) { client_max_window_bits_ = bits; return *this; }
  [[nodiscard]] int client_max_window_bits() const noexcept { return client_max_window_bits_; }

 private:
  bool enabled_ = true;
  std::size_t threshold_ = 1024;
  int level_ = 3;
  int memory_level_ = 8;
  std::optional<bool> server_no_context_takeover_;
  std::optional<bool> client_no_context_takeover_;
  int server_max_window_bits_ = 15;
  int client_max_window_bits_ = 15;
};

}  // namespace native
}  // namespace twinsocket
