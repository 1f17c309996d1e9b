#pragma once

// What both sides of the C ABI of the npm package know: the states, the options and their order. print_abi.cpp writes it
// as js/abi.ts.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>
#include <type_traits>

#include "twinsocket/keepalive.hpp"
#include "twinsocket/limits.hpp"
#include "twinsocket/reconnect_policy.hpp"

namespace twinsocket::detail {

/// State of a connection in JavaScript.
enum class connection_phase : std::uint8_t { connecting, open, closing, settled, ended, failed };

/// Bits of the state of the page.
enum class page_bit : std::uint8_t {
  online = 1,
  visible = 2,
  left = 4,     ///< The page was left and may be in the back-forward cache.
  resumed = 8,  ///< The page has just become active again.
};
[[nodiscard]] constexpr bool has_bit(int bits, page_bit which) noexcept {
  return (bits & static_cast<int>(which)) != 0;
}

// Options cross the border as one sequence of numbers: those of each class below, in this order. Durations are
// milliseconds. A member of the sequence is named here and nowhere else: js/abi.ts has its name and its default.

#define TWINSOCKET_OPTION(name) visit(#name, all.name(), [&all](decltype(all.name()) value) { all.name(value); })

/// Calls `visit` with the name, the value and the setter of each limit that a browser can enforce.
template <class Visit>
void for_each_option(limits& all, Visit&& visit) {
  TWINSOCKET_OPTION(max_message_size);
  TWINSOCKET_OPTION(receive_queue_bytes);
  TWINSOCKET_OPTION(send_queue_bytes);
  TWINSOCKET_OPTION(close_timeout);
  TWINSOCKET_OPTION(idle_timeout);
}

template <class Visit>
void for_each_option(keepalive& all, Visit&& visit) {
  TWINSOCKET_OPTION(interval);
  TWINSOCKET_OPTION(timeout);
}

template <class Visit>
void for_each_option(reconnect_policy& all, Visit&& visit) {
  TWINSOCKET_OPTION(initial_delay);
  TWINSOCKET_OPTION(growth_factor);
  TWINSOCKET_OPTION(max_delay);
  TWINSOCKET_OPTION(max_retry_after);
  TWINSOCKET_OPTION(min_uptime);
  TWINSOCKET_OPTION(max_attempts);
}

#undef TWINSOCKET_OPTION

/// Converts a number from JavaScript to a whole number: 0 for NaN and what is below 0, `most` for `limit` and above. Not
/// inlined, because the module is loaded by every page.
[[nodiscard, gnu::noinline]] inline std::int64_t whole_number(double number, double limit, std::int64_t most) noexcept {
  if (!(number > 0)) return 0;
  return number < limit ? static_cast<std::int64_t>(number) : most;
}

/// Converts a number from JavaScript to the type of an option. A number out of range becomes the nearest one in range. A
/// duration of 2^31 ms or more means no limit: milliseconds::max().
template <class T>
[[nodiscard]] T from_number(double number) noexcept {
  if constexpr (std::is_same_v<T, double>) {
    return number;
  } else if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
    return T(whole_number(number, 0x1p31, T::max().count()));
  } else {
    static_assert(sizeof(T) <= 4, "every value fits into a double and an int64_t");
    constexpr T most = std::numeric_limits<T>::max();
    return static_cast<T>(whole_number(number, most, most));
  }
}

/// Reads numbers, each 8 bytes in little-endian order, from the front of a transferred text.
class number_reader {
 public:
  explicit number_reader(std::string_view texts) noexcept : rest_(texts) {}

  template <class T>
  [[nodiscard]] T next() noexcept {
    double number;
    std::memcpy(&number, rest_.data(), sizeof number);
    rest_.remove_prefix(sizeof number);
    return from_number<T>(number);
  }
  /// Reads all options of a class.
  template <class Options>
  void read_options(Options& all) {
    for_each_option(all, [&](const char*, auto value, auto set) { set(this->next<decltype(value)>()); });
  }
  /// What follows the numbers.
  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

 private:
  std::string_view rest_;
};

}  // namespace twinsocket::detail
