#pragma once

// Times and durations in described types. A duration is a number: its count, in its own unit, so that nanoseconds are
// what Go's time.Duration is. A time of the system clock is text by RFC 3339, as Go's time.Time:
// "2024-02-29T12:00:00.5Z".

#include <chrono>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "twinsocket/describe.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket {

namespace detail {

/// A time since 1970 began; the nanoseconds count forward from the seconds, also before 1970.
struct unix_time {
  std::int64_t seconds = 0;
  std::uint32_t nanoseconds = 0;
};

/// False for years that have not four digits, which RFC 3339 cannot write.
[[nodiscard]] constexpr bool can_be_written(std::chrono::duration<double> since_1970) {
  return since_1970.count() >= -62'167'219'200.0 && since_1970.count() < 253'402'300'800.0;
}
[[nodiscard]] std::string write_time(unix_time time);
[[nodiscard]] result<unix_time> read_time(std::string_view text);

}  // namespace detail

template <class Rep, class Period>
struct wire_form<std::chrono::duration<Rep, Period>> {
  static Rep to_wire(const std::chrono::duration<Rep, Period>& time) { return time.count(); }
  static result<std::chrono::duration<Rep, Period>> from_wire(const Rep& count) {
    return std::chrono::duration<Rep, Period>(count);
  }
};

/// Written in UTC with as many digits of a second as it takes. Read with any offset from UTC; digits that the type
/// cannot hold are dropped, and times that it cannot hold are refused.
template <class Duration>
requires std::integral<typename Duration::rep>
struct wire_form<std::chrono::time_point<std::chrono::system_clock, Duration>> {
  using time_point = std::chrono::time_point<std::chrono::system_clock, Duration>;

  static result<std::string> to_wire(const time_point& time) {
    const Duration since = time.time_since_epoch();
    if (!detail::can_be_written(since))
      return error(errc::invalid_argument, "a time outside of the years 0000 to 9999");
    // Rounding down first could leave the range of the type.
    std::int64_t seconds = since / std::chrono::seconds(1);
    auto rest = std::chrono::duration_cast<std::chrono::nanoseconds>(since % std::chrono::seconds(1));
    if (rest.count() < 0) {
      --seconds;
      rest += std::chrono::seconds(1);
    }
    return detail::write_time({seconds, static_cast<std::uint32_t>(rest.count())});
  }
  static result<time_point> from_wire(const std::string& text) {
    const auto read = detail::read_time(text);
    if (!read) return read.error();
    const std::chrono::duration<double> about(static_cast<double>(read->seconds));
    if (about < std::chrono::duration<double>(Duration::min()) + std::chrono::seconds(1) ||
        about > std::chrono::duration<double>(Duration::max()) - std::chrono::seconds(1))
      return error(errc::wrong_type, "a time that its type cannot hold");
    return time_point(std::chrono::floor<Duration>(std::chrono::seconds(read->seconds)) +
                      std::chrono::floor<Duration>(std::chrono::nanoseconds(read->nanoseconds)));
  }
};

}  // namespace twinsocket
