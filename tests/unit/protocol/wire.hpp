#pragma once

// Helpers of the protocol tests: frames that are encoded independently of the tested code, and recorded events of a
// reader.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/reader.hpp"

namespace wire {

using twinsocket::close_code;
using twinsocket::errc;
using twinsocket::message_kind;
using namespace twinsocket::detail;

using octets = std::vector<std::byte>;

inline octets octets_of(std::string_view text) {
  octets result(text.size());
  if (!text.empty()) std::memcpy(result.data(), text.data(), text.size());
  return result;
}

inline std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Bytes in the notation of the RFC's examples, "0x81 0x05" without the 0x.
inline octets hex(std::string_view text) {
  const auto digit = [](char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); };
  octets result;
  for (std::size_t i = 0; i + 1 < text.size(); ++i)
    if (text[i] != ' ') {
      result.push_back(static_cast<std::byte>(digit(text[i]) << 4 | digit(text[i + 1])));
      ++i;
    }
  return result;
}

inline octets operator+(octets a, const octets& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// Bytes that differ from their neighbours, so that a shifted payload is detected.
inline octets pattern(std::size_t size) {
  octets result(size);
  std::uint32_t next = 12345;
  for (std::byte& b : result) {
    next = next * 1664525 + 1013904223;
    b = static_cast<std::byte>(next >> 24);
  }
  return result;
}

inline constexpr mask_key key{std::byte{0x37}, std::byte{0xfa}, std::byte{0x21}, std::byte{0x3d}};

/// A frame whose first byte is `first`. The length takes 1, 2 or 8 bytes as needed, or `length_bytes`. The payload is
/// masked if the reader is a server, or as given by `masked`.
inline octets frame(role reader, unsigned first, const octets& payload, std::optional<bool> masked = {},
                    int length_bytes = 0) {
  const bool mask = masked.value_or(reader == role::server);
  const std::uint64_t size = payload.size();
  if (length_bytes == 0) length_bytes = size < 126 ? 1 : size < 65536 ? 2 : 8;
  octets result{static_cast<std::byte>(first)};
  const std::uint64_t second = length_bytes == 1 ? size : length_bytes == 2 ? 126 : 127;
  result.push_back(static_cast<std::byte>(second | (mask ? 0x80 : 0)));
  if (length_bytes > 1)
    for (int i = length_bytes; i-- > 0;) result.push_back(static_cast<std::byte>(size >> (8 * i) & 0xff));
  if (!mask) return result + payload;
  result.insert(result.end(), key.begin(), key.end());
  for (std::size_t i = 0; i < payload.size(); ++i) result.push_back(payload[i] ^ key[i % 4]);
  return result;
}

/// An event that owns its bytes.
struct recorded_event {
  event::type what;
  octets bytes;
  message_kind kind = message_kind::text;
  bool first = false;
  bool last = false;
  bool compressed = false;
  errc why = errc::ok;
  close_code code = close_code::no_status;
  std::string reason{};

  friend bool operator==(const recorded_event&, const recorded_event&) = default;
  friend std::ostream& operator<<(std::ostream& out, const recorded_event& t) {
    static constexpr std::array names{"more", "piece", "ping", "pong", "close", "violation"};
    out << names[static_cast<std::size_t>(t.what)] << '(' << (t.kind == message_kind::text ? "text " : "binary ");
    if (t.first) out << "first ";
    if (t.last) out << "last ";
    if (t.compressed) out << "compressed ";
    return out << t.bytes.size() << " bytes, " << static_cast<int>(t.code) << " \"" << t.reason << "\")";
  }
};

inline recorded_event piece(message_kind kind, octets bytes, bool first = true, bool last = true) {
  return {.what = event::type::piece, .bytes = std::move(bytes), .kind = kind, .first = first, .last = last};
}
inline recorded_event ping(std::string_view payload) {
  return {.what = event::type::ping, .bytes = octets_of(payload)};
}
inline recorded_event pong(std::string_view payload) {
  return {.what = event::type::pong, .bytes = octets_of(payload)};
}
inline recorded_event closed(close_code code, std::string reason = {}) {
  return {.what = event::type::close, .bytes = {}, .code = code, .reason = std::move(reason)};
}

/// Feeds the reader and appends its events until it needs more bytes. The bytes are in a heap block of exactly their
/// size, so that a sanitizer detects every access beyond it.
inline void feed_reader(reader& from, std::span<const std::byte> bytes, std::vector<recorded_event>& events) {
  const auto block = std::make_unique<std::byte[]>(bytes.size());
  if (!bytes.empty()) std::memcpy(block.get(), bytes.data(), bytes.size());
  std::span<std::byte> input(block.get(), bytes.size());
  for (;;) {
    const event e = from.next(input);
    if (e.what == event::type::more) return;
    events.push_back({e.what, octets(e.bytes.begin(), e.bytes.end()), e.kind, e.first, e.last, e.compressed, e.why,
                      e.code, std::string(e.reason)});
  }
}

inline reader make_reader(role self) {
  return reader({.self = self, .limits = twinsocket::limits().max_message_size(1 << 20).max_fragments(1000)});
}

inline std::vector<recorded_event> read_all(reader from, std::span<const std::byte> bytes) {
  std::vector<recorded_event> events;
  feed_reader(from, bytes, events);
  return events;
}

inline std::vector<recorded_event> read_in_two(reader from, std::span<const std::byte> bytes, std::size_t border) {
  std::vector<recorded_event> events;
  feed_reader(from, bytes.first(border), events);
  feed_reader(from, bytes.subspan(border), events);
  return events;
}

inline std::vector<recorded_event> read_bytewise(reader from, std::span<const std::byte> bytes) {
  std::vector<recorded_event> events;
  for (std::size_t i = 0; i < bytes.size(); ++i) feed_reader(from, bytes.subspan(i, 1), events);
  return events;
}

/// The events with adjacent pieces of a message merged.
inline std::vector<recorded_event> merge_pieces(std::vector<recorded_event> events) {
  std::vector<recorded_event> result;
  for (recorded_event& t : events) {
    if (t.what == event::type::piece && !t.first && !result.empty() && result.back().what == event::type::piece &&
        !result.back().last) {
      result.back().bytes.insert(result.back().bytes.end(), t.bytes.begin(), t.bytes.end());
      result.back().last = t.last;
    } else {
      result.push_back(std::move(t));
    }
  }
  return result;
}

}  // namespace wire
