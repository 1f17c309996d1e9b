#pragma once

// Compression of messages by permessage-deflate (RFC 7692), natively; a browser compresses by itself. It is off by default,
// on servers and on clients: it takes many times the processor time of sending a message as it is, and where secrets and
// somebody else's text are in one message, its size may give the secrets away (send_options::compress).
//
//   server.websocket("/feed", websocket_options().compression(compression_options().level(6)), handler);
//
// Control frames are never compressed. Limits on messages count what is inflated, see limits::max_message and
// limits::max_inflate_ratio.

#include "twinsocket/detail/cxx20.hpp"

#include <concepts>
#include <cstddef>
#include <optional>

namespace twinsocket {

/// How messages are compressed. To name one is to turn compression on; `true` stands for all defaults, `false` for none.
class compression_options {
 public:
  compression_options() = default;
  compression_options(std::same_as<bool> auto on) : enabled_(on) {}

  [[nodiscard]] bool enabled() const noexcept { return enabled_; }

  /// Messages of fewer bytes are sent as they are: 1,024. They fit into one packet of the network either way.
  compression_options& threshold(std::size_t bytes) { threshold_ = bytes; return *this; }
  [[nodiscard]] std::size_t threshold() const noexcept { return threshold_; }

  /// From 1, the fastest, to 9, the smallest: 3.
  compression_options& level(int value) { level_ = value; return *this; }
  [[nodiscard]] int level() const noexcept { return level_; }

  /// From 1 to 9: 8. Compressing takes 2^(memory_level + 9) bytes, and 2^(server or client window bits + 2) more: 256 KiB.
  compression_options& memory_level(int value) { memory_level_ = value; return *this; }
  [[nodiscard]] int memory_level() const noexcept { return memory_level_; }

  /// True lets each of the server's messages stand for itself (RFC 7692 section 7.1.1): larger than where they refer back to
  /// those before them, but the memory for compressing is then that of the thread and not of each connection, and a
  /// prepared_message is compressed once for all. By default true on a server, and what the server likes on a client.
  compression_options& server_no_context_takeover(bool on) { server_no_context_takeover_ = on; return *this; }
  [[nodiscard]] std::optional<bool> server_no_context_takeover() const noexcept { return server_no_context_takeover_; }

  /// The same for the client's messages, which take 40 KiB for each connection of a server that inflates them in context.
  compression_options& client_no_context_takeover(bool on) { client_no_context_takeover_ = on; return *this; }
  [[nodiscard]] std::optional<bool> client_no_context_takeover() const noexcept { return client_no_context_takeover_; }

  /// How far back the server's messages may reach, as a power of two (RFC 7692 section 7.1.2), from 8 to 15: 15, which is
  /// 32 KiB. A client that asks for less and does not get it connects without compression.
  compression_options& server_max_window_bits(int bits) { server_max_window_bits_ = bits; return *this; }
  [[nodiscard]] int server_max_window_bits() const noexcept { return server_max_window_bits_; }

  /// The same for the client's messages. A server can limit only those clients that say that they can be limited.
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

}  // namespace twinsocket
