#pragma once

// A wire_session with helpers that do the work of its transport, for the session tests.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/wire.hpp"
#include "session/wire_session.hpp"

namespace session_test {

using namespace std::chrono_literals;
using namespace wire;
using twinsocket::close_info;
using twinsocket::close_initiator;
using twinsocket::keepalive;
using twinsocket::limits;
using twinsocket::message;

inline const time_point start{std::chrono::hours(1)};

inline void zero_bytes(std::span<std::byte> out) { std::fill(out.begin(), out.end(), std::byte{0}); }

inline session_options options_of(role self, const limits& values = {}) {
  return {.self = self, .random = zero_bytes, .limits = values, .keepalive = {}};
}

inline role other(role self) { return self == role::server ? role::client : role::server; }

/// A session whose I/O is done by the test.
struct session_fixture {
  explicit session_fixture(role self, const limits& values = {})
      : self(self), session(options_of(self, values), start) {}

  /// The peer sends a frame, and no receive is pending.
  void receive_frame(unsigned first, const octets& payload, time_point now = start) {
    octets bytes = frame(self, first, payload);
    session.feed(bytes, now);
    session.release_input();
  }
  /// The output of this side, as the peer parses it.
  std::vector<recorded_event> written() {
    const octets bytes(session.output().begin(), session.output().end());
    session.on_written(bytes.size());
    return read_all(make_reader(other(self)), bytes);
  }
  errc send(const octets& payload) { return session.send({.kind = message_kind::text, .bytes = payload}); }
  std::vector<std::string> received() {
    std::vector<std::string> texts;
    message m;
    while (session.next(m)) texts.emplace_back(m.text());
    return texts;
  }

  role self;
  wire_session session;
};

inline octets close_payload(unsigned code, std::string_view reason = {}) {
  return octets{static_cast<std::byte>(code >> 8), static_cast<std::byte>(code & 0xff)} + octets_of(reason);
}

inline constexpr unsigned text_frame = 0x81;
inline constexpr unsigned close_frame = 0x88;
inline constexpr unsigned ping_frame = 0x89;
inline constexpr unsigned pong_frame = 0x8a;

}  // namespace session_test
