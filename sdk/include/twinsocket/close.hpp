#pragma once

// How a connection ends (RFC 6455 section 7). Plain values, usable from any thread.

#include "twinsocket/detail/cxx20.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace twinsocket {

/// Close codes (RFC 6455 section 7.4 and the IANA registry). Any value from 3000 to 4999 may be cast to this type.
enum class close_code : std::uint16_t {
  normal = 1000,               ///< Normal closure.
  going_away = 1001,           ///< The server shuts down, or the user leaves the page.
  protocol_error = 1002,       ///< The peer violated the protocol.
  unsupported_data = 1003,     ///< The endpoint does not support this kind of message.
  no_status = 1005,            ///< Never sent: the close frame had no code.
  abnormal = 1006,             ///< Never sent: the connection ended without a closing handshake.
  invalid_payload = 1007,      ///< The content does not match the message's kind, such as text that is not UTF-8.
  policy_violation = 1008,     ///< Rejected for a reason without a code of its own.
  message_too_big = 1009,      ///< The message exceeds the receiver's size limit.
  mandatory_extension = 1010,  ///< The client requires an extension that the server did not accept.
  internal_error = 1011,       ///< Internal error of the server.
  service_restart = 1012,      ///< The server restarts; reconnect soon.
  try_again_later = 1013,      ///< The server is overloaded, or the consumer is too slow.
  bad_gateway = 1014,          ///< A gateway got an invalid response from the server behind it.
  tls_failed = 1015,           ///< Never sent: the TLS handshake failed.
};

/// Which side sent the first close frame or dropped the connection.
enum class close_initiator : std::uint8_t {
  none,    ///< Neither: the connection was lost.
  local,   ///< This endpoint.
  remote,  ///< The peer.
};

/// Maximum size of a close reason in bytes of UTF-8 (RFC 6455 section 5.5: a control frame's 125 bytes minus the code).
inline constexpr std::size_t max_close_reason = 123;

/// How a connection ended, as seen by this endpoint.
struct close_info {
  /// The code of the first close frame; else 1005 or 1006. If the peer violates the protocol after a close of this side:
  /// the code of the violation.
  close_code code = close_code::abnormal;
  std::string reason;                                 ///< The reason that belongs to the code, valid UTF-8.
  bool clean = false;                                 ///< True when both close frames were exchanged.
  close_initiator initiator = close_initiator::none;  ///< Which side started the close.

  /// True for 1000 and 1001, which need no error report.
  [[nodiscard]] bool normal() const noexcept { return is(close_code::normal) || is(close_code::going_away); }
  /// True if the connection ended with this code.
  [[nodiscard]] bool is(close_code c) const noexcept { return code == c; }
  /// True if the code is none of `expected`.
  [[nodiscard]] bool unexpected(std::initializer_list<close_code> expected) const noexcept {
    for (const close_code c : expected)
      if (code == c) return false;
    return true;
  }

  friend bool operator==(const close_info&, const close_info&) = default;
};

/// True for codes that may be sent in a close frame: 1000 to 1003, 1007 to 1014 and 3000 to 4999.
[[nodiscard]] constexpr bool is_sendable(close_code code) noexcept {
  const auto n = static_cast<std::uint16_t>(code);
  return (n >= 1000 && n <= 1003) || (n >= 1007 && n <= 1014) || (n >= 3000 && n <= 4999);
}

/// The name of a registered code, such as "going away"; "application" from 3000 to 4999; otherwise "unassigned".
[[nodiscard]] std::string_view describe(close_code code) noexcept;

/// A human-readable text with the code, its meaning and the reason, such as "1000 (normal) that was all". For 1006,
/// which is never sent, a sentence describes what happened instead.
[[nodiscard]] std::string describe(const close_info& end);

}  // namespace twinsocket
