#pragma once

// What one thread of a server has counted. It alone adds, and who asks for the metrics reads: see tally.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "session/totals.hpp"
#include "twinsocket/close.hpp"

namespace twinsocket::detail {

/// Why a request for a WebSocket was not let in.
enum class handshake_failure : std::uint8_t {
  bad_request,   ///< It is not as RFC 6455 section 4.2.1 wants it.
  version,       ///< Another version of the protocol, or of HTTP.
  origin,        ///< Its origin may not.
  subprotocol,   ///< Its list of subprotocols is none.
  extension,     ///< Its list of extensions is none.
  refused,       ///< The request hook said no,
  hook_time,     ///< or did not say anything in time.
  failed,        ///< The server met an error of its own.
};
inline constexpr std::array<std::string_view, 8> handshake_failure_names{
    "bad_request", "version", "origin", "subprotocol", "extension", "refused", "hook_time", "failed"};

/// Why a connection was turned away before it said anything.
enum class turned_away : std::uint8_t {
  limit,          ///< server_options::max_connections, and told so,
  address_limit,  ///< or max_connections_per_address,
  flood,          ///< or so many beyond the limit that there was no telling.
};
inline constexpr std::array<std::string_view, 3> turned_away_names{"limit", "address_limit", "flood"};

// Aligned, so that what one thread counts is not in a cache line that another one writes to.
struct alignas(64) server_counts {
  void failed(handshake_failure why) noexcept { handshake_failures[static_cast<std::size_t>(why)].add(); }
  void away(turned_away why) noexcept { connections_refused[static_cast<std::size_t>(why)].add(); }
  void answered(unsigned status) noexcept { responses[status < statuses ? status : 0].add(); }
  void closed(const close_info& how) noexcept {
    closes[close_place(how.code)][static_cast<std::size_t>(how.initiator)].add();
    websockets_closed.add();
  }

  static constexpr std::size_t statuses = 600;
  /// One place for each registered code, one for those of libraries (3000 to 3999), and one for those of applications: a
  /// peer can choose among them, and must not make as many series as there are numbers.
  static constexpr std::size_t close_places = 18;
  static constexpr std::size_t close_place(close_code code) noexcept {
    const auto number = static_cast<std::size_t>(code);
    return number < 1000 ? 6 : number <= 1015 ? number - 1000 : number < 4000 ? 16 : 17;
  }

  session_totals traffic;
  tally connections_accepted;
  tally accept_failures;
  tally tls_failures;
  tally websockets_opened;
  tally websockets_closed;
  tally handler_failures;
  std::array<tally, turned_away_names.size()> connections_refused;
  std::array<tally, handshake_failure_names.size()> handshake_failures;
  std::array<std::array<tally, 3>, close_places> closes;
  std::array<tally, statuses> responses;
};

}  // namespace twinsocket::detail
