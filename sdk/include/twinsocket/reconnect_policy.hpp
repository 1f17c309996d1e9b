#pragma once

// When a reconnecting client comes back after it lost its connection, and when it stays away. Plain values.

#include "twinsocket/detail/cxx20.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "twinsocket/close.hpp"

namespace twinsocket {

/// The wait before each attempt is drawn anew between nothing and a ceiling that grows: clients that all lost the same
/// server come back spread over time. What the server says counts too: a Retry-After in seconds in the answer to a failed
/// handshake (natively), and a close reason that has it, as retry_after() writes it. Then the wait is that long, and what
/// was drawn comes on top. A time of milliseconds::max() has no upper end, and one below 0 counts as 0.
class reconnect_policy {
 public:
  /// What the first wait is less than: 1 s.
  reconnect_policy& first_delay(std::chrono::milliseconds time) { first_delay_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds first_delay() const noexcept { return first_delay_; }

  /// How many times as high the ceiling is after each attempt: 2.
  reconnect_policy& growth(double factor) { growth_ = factor; return *this; }
  [[nodiscard]] double growth() const noexcept { return growth_; }

  /// What every wait is less than, but for what the server asks for: 30 s.
  reconnect_policy& longest_delay(std::chrono::milliseconds time) { longest_delay_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds longest_delay() const noexcept { return longest_delay_; }

  /// The most of what a server asks for that is heeded: 5 minutes.
  reconnect_policy& longest_hint(std::chrono::milliseconds time) { longest_hint_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds longest_hint() const noexcept { return longest_hint_; }

  /// A connection that lasts this long begins it all anew: 10 s. One that is lost before counts as a failed attempt.
  reconnect_policy& stable_time(std::chrono::milliseconds time) { stable_time_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds stable_time() const noexcept { return stable_time_; }

  /// How many attempts may fail in a row, the first one among them: 1,000, which takes some four hours. After that it
  /// ends with the last error.
  reconnect_policy& attempts(unsigned count) { attempts_ = count; return *this; }
  [[nodiscard]] unsigned attempts() const noexcept { return attempts_; }

  /// Stays away after a close with one of these codes. At first they are those after which coming back would end in the
  /// same way: 1000, 1002, 1003 and 1007 to 1010. What is said last about a code counts.
  reconnect_policy& stop_on(close_code first, close_code last) { return rule(codes_, number(first), number(last), true); }
  reconnect_policy& stop_on(close_code code) { return stop_on(code, code); }
  /// Comes back after a close with one of these codes.
  reconnect_policy& go_on_after(close_code first, close_code last) {
    return rule(codes_, number(first), number(last), false);
  }
  reconnect_policy& go_on_after(close_code code) { return go_on_after(code, code); }

  /// Stays away after a failed handshake with one of these HTTP statuses. At first they are 400 to 499, without those
  /// that ask for patience: 408, 425 and 429.
  reconnect_policy& stop_on_status(int first, int last) { return rule(statuses_, first, last, true); }
  reconnect_policy& stop_on_status(int status) { return stop_on_status(status, status); }
  /// Comes back after a failed handshake with one of these HTTP statuses.
  reconnect_policy& go_on_after_status(int first, int last) { return rule(statuses_, first, last, false); }
  reconnect_policy& go_on_after_status(int status) { return go_on_after_status(status, status); }

  [[nodiscard]] bool stops_on(close_code code) const noexcept { return stops(codes_, number(code)); }
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

  std::chrono::milliseconds first_delay_{1'000};
  double growth_ = 2;
  std::chrono::milliseconds longest_delay_{30'000};
  std::chrono::milliseconds longest_hint_{300'000};
  std::chrono::milliseconds stable_time_{10'000};
  unsigned attempts_ = 1'000;
  ranges codes_{{1000, 1000, true}, {1002, 1003, true}, {1007, 1010, true}};
  ranges statuses_{{400, 499, true}, {408, 408, false}, {425, 425, false}, {429, 429, false}};
};

/// A close reason that tells reconnecting clients when to come back, for a server that goes away:
///
///   socket.close(close_code::service_restart, retry_after(5s));   // "Retry-After: 5"
///
/// Any text may stand before it.
[[nodiscard]] std::string retry_after(std::chrono::seconds time);

}  // namespace twinsocket
