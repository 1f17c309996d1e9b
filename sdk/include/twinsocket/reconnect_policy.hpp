#pragma once

// A setter and its getter take one line each.
// clang-format off

// When a reconnecting client reconnects, and when it stops. Plain values.

#include "twinsocket/detail/cxx20.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "twinsocket/close.hpp"

namespace twinsocket {

/// Exponential backoff with jitter. The delay before each attempt is random between 0 and an upper bound that grows
/// with each attempt, so that clients that lost the same server do not all reconnect at once. The server may ask for a
/// delay too: by Retry-After in seconds in its response to a failed handshake (natively), or in a close reason, as
/// retry_after() writes it. The delay is then that time plus the random delay. milliseconds::max() is no limit, and
/// times below 0 count as 0.
class reconnect_policy {
 public:
  /// Upper bound of the first delay. Default: 1 s.
  reconnect_policy& initial_delay(std::chrono::milliseconds time) { initial_delay_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds initial_delay() const noexcept { return initial_delay_; }

  /// Factor by which the upper bound grows after each attempt. Default: 2.
  reconnect_policy& growth_factor(double factor) { growth_factor_ = factor; return *this; }
  [[nodiscard]] double growth_factor() const noexcept { return growth_factor_; }

  /// Upper bound of every delay, without the time that the server asks for. Default: 30 s.
  reconnect_policy& max_delay(std::chrono::milliseconds time) { max_delay_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds max_delay() const noexcept { return max_delay_; }

  /// Longest delay accepted from the server. Default: 5 min.
  reconnect_policy& max_retry_after(std::chrono::milliseconds time) { max_retry_after_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds max_retry_after() const noexcept { return max_retry_after_; }

  /// A connection that lasts this long resets the delay and the failed attempts. One that is lost earlier counts as a
  /// failed attempt. Default: 10 s.
  reconnect_policy& min_uptime(std::chrono::milliseconds time) { min_uptime_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds min_uptime() const noexcept { return min_uptime_; }

  /// Maximum number of failed attempts in a row, including the first one. After that the client ends with the last
  /// error. Default: 1,000, which takes about four hours.
  reconnect_policy& max_attempts(unsigned count) { max_attempts_ = count; return *this; }
  [[nodiscard]] unsigned max_attempts() const noexcept { return max_attempts_; }

  /// Does not reconnect after a close with one of these codes. Default: 1000, 1002, 1003 and 1007 to 1010, because the
  /// next connection would end in the same way. For each code the last call counts.
  reconnect_policy& stop_on(close_code first, close_code last) { return rule(codes_, number(first), number(last), true); }
  reconnect_policy& stop_on(close_code code) { return stop_on(code, code); }
  /// Reconnects after a close with one of these codes.
  reconnect_policy& reconnect_on(close_code first, close_code last) {
    return rule(codes_, number(first), number(last), false);
  }
  reconnect_policy& reconnect_on(close_code code) { return reconnect_on(code, code); }

  /// Does not reconnect after a failed handshake with one of these HTTP statuses. Default: 400 to 499, except 408, 425
  /// and 429, which ask the client to retry later.
  reconnect_policy& stop_on_status(int first, int last) { return rule(statuses_, first, last, true); }
  reconnect_policy& stop_on_status(int status) { return stop_on_status(status, status); }
  /// Reconnects after a failed handshake with one of these HTTP statuses.
  reconnect_policy& reconnect_on_status(int first, int last) { return rule(statuses_, first, last, false); }
  reconnect_policy& reconnect_on_status(int status) { return reconnect_on_status(status, status); }

  /// True if a close with this code ends the client.
  [[nodiscard]] bool stops_on(close_code code) const noexcept { return stops(codes_, number(code)); }
  /// True if a handshake that fails with this HTTP status ends the client.
  [[nodiscard]] bool stops_on_status(int status) const noexcept { return stops(statuses_, status); }

 private:
  struct range {
    int first;
    int last;
    bool stop;
  };
  using ranges = std::vector<range>;

  [[nodiscard]] static int number(close_code code) noexcept { return static_cast<std::uint16_t>(code); }
  reconnect_policy& rule(ranges& to, int first, int last, bool stop) {
    to.push_back({first, last, stop});
    return *this;
  }
  [[nodiscard]] static bool stops(const ranges& in, int value) noexcept {
    bool stop = false;
    for (const range& r : in)
      if (value >= r.first && value <= r.last) stop = r.stop;
    return stop;
  }

  std::chrono::milliseconds initial_delay_{1'000};
  double growth_factor_ = 2;
  std::chrono::milliseconds max_delay_{30'000};
  std::chrono::milliseconds max_retry_after_{300'000};
  std::chrono::milliseconds min_uptime_{10'000};
  unsigned max_attempts_ = 1'000;
  ranges codes_{{1000, 1000, true}, {1002, 1003, true}, {1007, 1010, true}};
  ranges statuses_{{400, 499, true}, {408, 408, false}, {425, 425, false}, {429, 429, false}};
};

/// A close reason with which a server that goes away tells reconnecting clients when to reconnect:
///
///   socket.close(close_code::service_restart, retry_after(5s));   // "Retry-After: 5"
///
/// Any text may precede it.
[[nodiscard]] std::string retry_after(std::chrono::seconds time);

}  // namespace twinsocket
