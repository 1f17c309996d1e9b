#pragma once

// The metrics of one thread of a server. Only that thread adds; any thread may read (see counter).

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "session/session_metrics.hpp"
#include "twinsocket/close.hpp"

namespace twinsocket::detail {

/// Why an opening handshake was rejected.
enum class handshake_failure : std::uint8_t {
  bad_request,           ///< It violates RFC 6455 section 4.2.1.
  version,               ///< Unsupported version of the WebSocket protocol or of HTTP.
  origin,                ///< Origin not allowed.
  subprotocol,           ///< Malformed Sec-WebSocket-Protocol header.
  extension,             ///< Malformed Sec-WebSocket-Extensions header.
  refused,               ///< The request hook refused.
  request_hook_timeout,  ///< The request hook timed out.
  failed,                ///< Internal error: an exception or invalid result of a hook.
};
inline constexpr std::array<std::string_view, 8> handshake_failure_names{
    "bad_request", "version", "origin", "subprotocol", "extension", "refused", "request_hook_timeout", "failed"};

/// Why a connection was refused.
enum class refusal_reason : std::uint8_t {
  limit,          ///< server_options::max_connections; answered with 503.
  address_limit,  ///< max_connections_per_address; answered with 503.
  flood,          ///< Too far beyond max_connections; closed without a response.
};
inline constexpr std::array<std::string_view, 3> refusal_reason_names{"limit", "address_limit", "flood"};

// Aligned so that no two threads write to the same cache line.
struct alignas(64) server_metrics {
  void count_handshake_failure(handshake_failure why) noexcept {
    handshake_failures[static_cast<std::size_t>(why)].add();
  }
  void count_refused(refusal_reason why) noexcept { connections_refused[static_cast<std::size_t>(why)].add(); }
  void count_response(unsigned status) noexcept { responses[status < status_slots ? status : 0].add(); }
  void count_close(const close_info& how) noexcept {
    closes[close_slot(how.code)][static_cast<std::size_t>(how.initiator)].add();
    websockets_closed.add();
  }

  static constexpr std::size_t status_slots = 600;
  /// One slot per registered close code, one for library codes (3000 to 3999), and one for application codes. Peers choose
  /// these codes, so a slot per code would let them create any number of time series.
  static constexpr std::size_t close_slots = 18;
  static constexpr std::size_t close_slot(close_code code) noexcept {
    const auto number = static_cast<std::size_t>(code);
    return number < 1000 ? 6 : number <= 1015 ? number - 1000 : number < 4000 ? 16 : 17;
  }

  session_metrics traffic;
  counter connections_accepted;
  counter accept_failures;
  counter tls_failures;
  counter websockets_opened;
  counter websockets_closed;
  counter handler_failures;
  std::array<counter, refusal_reason_names.size()> connections_refused;
  std::array<counter, handshake_failure_names.size()> handshake_failures;
  std::array<std::array<counter, 3>, close_slots> closes;
  std::array<counter, status_slots> responses;
};

}  // namespace twinsocket::detail
