#pragma once

// Helpers of the compression tests: sessions that compress with zlib, a wire between two of them, and payloads.

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "deflate/zlib_engine.hpp"
#include "protocol/wire.hpp"
#include "session/wire_session.hpp"

namespace wire {

inline const time_point start{std::chrono::hours(1)};

inline void counting_bytes(std::span<std::byte> out) {
  static std::uint32_t next = 1;
  for (std::byte& b : out) b = static_cast<std::byte>((next = next * 1664525 + 1013904223) >> 24);
}

inline role other(role self) { return self == role::server ? role::client : role::server; }

inline compression_setup zlib_setup(const deflate_parameters& agreed = {}, std::size_t threshold = 0) {
  return {.engine = &zlib_engine(6, 8), .agreed = agreed, .threshold = threshold};
}

inline session_options compressing(role self, const compression_setup& setup, const twinsocket::limits& values = {}) {
  return {.self = self, .random = counting_bytes, .limits = values, .keepalive = {}, .compression = setup};
}

/// Text that compresses about as well as real data.
inline octets compressible_text(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i)
    text += R"({"id":)" + std::to_string(i * 7919 % 100'003) + R"(,"name":"sensor )" + std::to_string(i % 17) +
            R"(","value":)" + std::to_string(i * 31 % 977) + R"(,"unit":"celsius"},)";
  text.resize(size);
  return octets_of(text);
}

/// A received message.
struct received_message {
  message_kind kind;
  octets bytes;
  friend bool operator==(const received_message&, const received_message&) = default;
};

inline std::vector<received_message> take_messages(wire_session& from) {
  std::vector<received_message> result;
  twinsocket::message m;
  while (from.next(m)) result.push_back({m.kind(), octets(m.bytes().begin(), m.bytes().end())});
  return result;
}

/// Everything that the session has to write, as if the network accepted it.
inline octets written(wire_session& by) {
  octets all;
  while (!by.output().empty()) {
    all.insert(all.end(), by.output().begin(), by.output().end());
    by.on_written(by.output().size());
  }
  return all;
}

inline void feed(wire_session& to, octets bytes) {
  to.feed(bytes, start);
  to.release_input();
}

/// Two sessions that have negotiated the same parameters.
struct compressed_pair {
  explicit compressed_pair(const compression_setup& setup, const twinsocket::limits& values = {})
      : client(compressing(role::client, setup, values), start),
        server(compressing(role::server, setup, values), start) {}

  wire_session& side(role which) { return which == role::client ? client : server; }

  /// Sends a message. Returns its bytes on the wire.
  octets send(role sender, message_kind kind, const octets& payload, const twinsocket::send_options& options = {}) {
    if (side(sender).send({.kind = kind, .bytes = payload, .options = &options}) != errc::ok) return {};
    return written(side(sender));
  }

  wire_session client;
  wire_session server;
};

inline bool is_compressed(const octets& frame) { return !frame.empty() && (frame[0] & std::byte{0x40}) != std::byte{}; }

}  // namespace wire
