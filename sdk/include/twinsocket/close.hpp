#pragma once

// How a connection ends (RFC 6455 section 7). Plain values; they may be used from any thread.

#include "twinsocket/detail/cxx20.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace twinsocket {

/// Close codes (RFC 6455 section 7.4 and the IANA registry). Any value from 3000 to 4999 may be cast to this type.
enum class close_code : std::uint16_t {
  normal = 1000,               ///< The conversation is over.
  going_away = 1001,           ///< A server stops, or a page is left.
  protocol_error = 1002,       ///< The peer broke a rule of the protocol.
  unsupported_data = 1003,     ///< A kind of message that is not understood here.
  no_status = 1005,            ///< Never sent: the close frame had no code.
  abnormal = 1006,             ///< Never sent: the connection ended without a closing handshake.
  invalid_payload = 1007,      ///< A message with content that is not what its kind says, such as text that is not UTF-8.
  policy_violation = 1008,     ///< Refused for a reason that has no code of its own.
  message_too_big = 1009,      ///< Larger than the read limit.
  mandatory_extension = 1010,  ///< The client needs an extension that the server did not take.
  internal_error = 1011,       ///< The server met an error of its own.
  service_restart = 1012,      ///< The server restarts; come back soon.
  try_again_later = 1013,      ///< The server is overloaded, or this consumer is too slow.
  bad_gateway = 1014,          ///< A gateway got no good answer from the server behind it.
  tls_failed = 1015,           ///< Never sent: the TLS handshake failed.
};

/// Who sent the first close frame, or cut the connection.
enum class close_initiator : std::uint8_t {
  none,    ///< Nobody: the connection was lost.
  local,   ///< This side.
  remote,  ///< The peer.
};

/// The longest close reason in bytes of UTF-8 (RFC 6455 section 5.5: a control frame's 125 bytes less the code).
inline constexpr std::size_t max_close_reason = 123;

/// How a connection ended, as this side knows it.
struct close_info {
  close_code code = close_code::abnormal;             ///< The code of the first close frame; 1005 or 1006 where there was none.
  std::string reason;                                 ///< The reason that came with it, valid UTF-8.
  bool clean = false;                                 ///< True when both close frames were exchanged.
  close_initiator initiator = close_initiator::none;  ///< Who began it.

  /// True for 1000 and 1001: the end that nobody needs to hear about.
  [[nodiscard]] bool normal() const noexcept { return is(close_code::normal) || is(close_code::going_away); }
  [[nodiscard]] bool is(close_code c) const noexcept { return code == c; }
  /// True when the code is none of those that the caller expects.
  [[nodiscard]] bool unexpected(std::initializer_list<close_code> expected) const noexcept {
    for (const close_code c : expected)
      if (code == c) return false;
    return true;
  }

  friend bool operator==(const close_info&, const close_info&) = default;
};

/// True for the codes that may travel in a close frame: 1000 to 1003, 1007 to 1014 and 3000 to 4999.
[[nodiscard]] constexpr bool is_sendable(close_code code) noexcept {
  const auto n = static_cast<std::uint16_t>(code);
  return (n >= 1000 && n <= 1003) || (n >= 1007 && n <= 1014) || (n >= 3000 && n <= 4999);
}

/// The name of a registered code, such as "going away"; "application" from 3000 on; "unassigned" for the others.
[[nodiscard]] std::string_view describe(close_code code) noexcept;

/// How a connection ended, for people: the code, what it means, and the reason, such as "1000 (normal) that was all". 1006,
/// which no peer ever sends, is a sentence about what happened instead.
[[nodiscard]] std::string describe(const close_info& end);

}  // namespace twinsocket
