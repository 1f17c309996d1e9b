#pragma once

// Times and durations in described types. A duration is a number, its count in its own unit: std::chrono::nanoseconds
// correspond to Go's time.Duration. A time of the system clock is RFC 3339 text, like Go's time.Time:
// "2024-02-29T12:00:00.5Z".

#include "twinsocket/detail/cxx20.hpp"

#include <chrono>
#include <compare>
#include <concepts>
#include <cstdint>
#include <ratio>
#include <string>
#include <string_view>

#include "twinsocket/describe.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket {

namespace detail {

/// Time since 1970-01-01 UTC. The nanoseconds count forward from the seconds, also before 1970.
struct unix_time {
  std::int64_t seconds = 0;
  std::uint32_t nanoseconds = 0;
  auto operator<=>(const unix_time&) const = default;
};

/// False for years outside 0000 to 9999, which RFC 3339 cannot represent.
[[nodiscard]] constexpr bool has_rfc3339_form(std::chrono::duration<double> since_1970) {
  return since_1970.count() >= -62'167'219'200.0 && since_1970.count() < 253'402'300'800.0;
}
[[nodiscard]] std::string format_rfc3339(unix_time time);
[[nodiscard]] result<unix_time> parse_rfc3339(std::string_view text);

}  // namespace detail

/// A duration on the wire: its count, in its own unit.
template <class Rep, class Period>
struct wire_form<std::chrono::duration<Rep, Period>> {
  static Rep to_wire(const std::chrono::duration<Rep, Period>& time) { return time.count(); }  ///< The count.
  /// The duration with this count. Never fails.
  static result<std::chrono::duration<Rep, Period>> from_wire(const Rep& count) {
    return std::chrono::duration<Rep, Period>(count);
  }
};

/// Written in UTC with as many digits of a second as needed. Read with any UTC offset. Digits beyond the type's
/// precision are dropped; times outside its range are an error.
template <class Duration>
requires std::integral<typename Duration::rep>
struct wire_form<std::chrono::time_point<std::chrono::system_clock, Duration>> {
  using time_point = std::chrono::time_point<std::chrono::system_clock, Duration>;  ///< A time of the system clock.
  static constexpr std::string_view format = "date-time";  ///< The wire form in the terms of JSON Schema.

  /// The time as RFC 3339 text. Fails with errc::invalid_argument outside of the years 0000 to 9999.
  static result<std::string> to_wire(const time_point& time) {
    const Duration since = time.time_since_epoch();
    if (!detail::has_rfc3339_form(since))
      return error(errc::invalid_argument, "a time outside of the years 0000 to 9999");
    return detail::format_rfc3339(split(since));
  }
  /// Reads RFC 3339 text. Fails with errc::type_mismatch for other text and for a time that the type cannot hold.
  static result<time_point> from_wire(const std::string& wire) {
    const auto read = detail::parse_rfc3339(wire);
    if (!read) return read.error();
    // No text exceeds a bound that RFC 3339 cannot represent.
    if ((detail::has_rfc3339_form(Duration::min()) && *read < split(Duration::min())) ||
        (detail::has_rfc3339_form(Duration::max()) && *read > split(Duration::max())))
      return error(errc::type_mismatch, "a time that its type cannot hold");
    std::chrono::seconds seconds(read->seconds);
    if constexpr (std::ratio_greater_v<typename Duration::period, std::ratio<1>>) {
      return time_point(std::chrono::floor<Duration>(seconds));
    } else {
      std::chrono::nanoseconds rest(read->nanoseconds);
      // Whole seconds alone could be below the type's minimum.
      if (seconds.count() < 0 && rest.count() > 0) {
        ++seconds;
        rest -= std::chrono::seconds(1);
      }
      return time_point(std::chrono::floor<Duration>(seconds) + std::chrono::floor<Duration>(rest));
    }
  }

 private:
  // Rounding down first could leave the type's range.
  static detail::unix_time split(Duration since) {
    std::int64_t seconds = since / std::chrono::seconds(1);
    auto rest = std::chrono::duration_cast<std::chrono::nanoseconds>(since % std::chrono::seconds(1));
    if (rest.count() < 0) {
      --seconds;
      rest += std::chrono::seconds(1);
    }
    return {seconds, static_cast<std::uint32_t>(rest.count())};
  }
};

}  // namespace twinsocket
