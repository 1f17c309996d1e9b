#pragma once

// Types that are encoded as another type: a number, a string, a list, a struct.

#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "twinsocket/describe.hpp"

namespace drawn {

struct celsius {
  double degrees = 0;
};

struct hexadecimal {
  std::uint64_t value = 0;
};

/// A list of at least one part.
struct dotted {
  std::vector<std::string> parts;
};

struct limits {
  std::int32_t from = 0;
  std::int32_t to = 0;
};
BOOST_DESCRIBE_STRUCT(limits, (), (from, to))
TWINSOCKET_NAMES(limits, "Limits", (from, attribute))

/// The numbers from `from`, `size` of them.
struct range {
  std::int32_t from = 0;
  std::uint16_t size = 0;
};

}  // namespace drawn

template <>
struct twinsocket::wire_form<drawn::celsius> {
  static double to_wire(const drawn::celsius& temperature) { return temperature.degrees; }
  static result<drawn::celsius> from_wire(const double& degrees) { return drawn::celsius{degrees}; }
};

template <>
struct twinsocket::wire_form<drawn::hexadecimal> {
  static std::string to_wire(const drawn::hexadecimal& number) {
    std::array<char, 16> room{};
    return {room.data(), std::to_chars(room.data(), room.data() + room.size(), number.value, 16).ptr};
  }
  static result<drawn::hexadecimal> from_wire(const std::string& text) {
    drawn::hexadecimal made;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), made.value, 16);
    // Only one text per number is accepted, because in JavaScript the value stays a text.
    if (problem != std::errc() || end != text.data() + text.size() || to_wire(made) != text)
      return error(errc::type_mismatch, "expected a hexadecimal number");
    return made;
  }
};

template <>
struct twinsocket::wire_form<drawn::dotted> {
  static const std::vector<std::string>& to_wire(const drawn::dotted& from) { return from.parts; }
  static result<drawn::dotted> from_wire(const std::vector<std::string>& parts) {
    if (parts.empty()) return error(errc::type_mismatch, "expected some parts");
    return drawn::dotted{parts};
  }
};

template <>
struct twinsocket::wire_form<drawn::range> {
  static result<drawn::limits> to_wire(const drawn::range& from) {
    return drawn::limits{from.from, from.from + from.size};
  }
  static result<drawn::range> from_wire(const drawn::limits& limits) {
    const std::int64_t size = std::int64_t{limits.to} - limits.from;
    if (size < 0 || size > 65'535) return error(errc::type_mismatch, "expected a range of up to 65535");
    return drawn::range{limits.from, static_cast<std::uint16_t>(size)};
  }
};
