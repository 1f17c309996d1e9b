#pragma once

// Readings as text for people, in the form of the `sensors` command, and back.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "demo-site/messages.hpp"

namespace twinsocket::app {

/// The most readings that are taken from one text; what follows is left out.
inline constexpr std::size_t most_readings = 1'000;

/// One chip: its name, its adapter if it has one, a line per reading, and an empty line.
[[nodiscard]] std::string format_chip(std::string_view adapter, std::span<const demo::reading> readings);

/// Readings chip by chip, each chip under its name.
[[nodiscard]] std::string format_readings(std::span<const demo::reading> readings);

/// The readings in a text that a program printed; whatever is not a reading is passed over. Two forms are understood.
///
/// Lines, as `sensors` prints them:
///
///   coretemp-isa-0000                                             a line without a colon names the chip
///   Core 0:  +45.0 C  (high = +80.0 C, crit = +100.0 C)           label: value unit (limits)
///
/// The unit may be left out; it says the kind (C is a temperature, RPM a fan, V a voltage ...), and mV, mW, kW and
/// their like become V and W. high and max are the high limit, crit is the critical one; limits may stand on the next
/// line. An empty line ends the chip.
///
/// JSON: an array of demo::reading, or a demo::sensor_report. A label and a value must be there; the kind is taken from
/// the unit where it is missing, and the time is then `time`. One mistake in it, and there are no readings.
///
/// The text is valid UTF-8.
[[nodiscard]] std::vector<demo::reading> parse_readings(std::string_view text, std::int64_t time);

}  // namespace twinsocket::app
