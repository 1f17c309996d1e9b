#pragma once

// Formats and parses readings as text, in the format of the `sensors` command.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "demo-site/messages.hpp"

namespace twinsocket::app {

/// Most readings that are parsed from one text. Further readings are ignored.
inline constexpr std::size_t max_readings = 1'000;

/// Formats one chip: its name, its adapter if there is one, a line per reading, and an empty line.
[[nodiscard]] std::string format_chip(std::string_view adapter, std::span<const demo::reading> readings);

/// Formats readings of several chips, one after the other.
[[nodiscard]] std::string format_readings(std::span<const demo::reading> readings);

/// Parses the readings in the output of a program. Anything else is ignored. There are two formats.
///
/// Lines, in the format of `sensors`:
///
///   coretemp-isa-0000                                             a line without a colon names the chip
///   Core 0:  +45.0 C  (high = +80.0 C, crit = +100.0 C)           label: value unit (limits)
///
/// The unit is optional. It determines the kind: C is a temperature, RPM a fan, V a voltage, and so on. mV, mW, kW and
/// similar units are converted to V and W. high and max set the high limit, crit the critical one; limits may be on the next
/// line. An empty line ends the chip.
///
/// JSON: an array of demo::reading, or a demo::sensor_report. Label and value are required. A missing kind is determined
/// from the unit, and a missing time is `time`. A document with an error gives no readings.
///
/// The text must be valid UTF-8.
[[nodiscard]] std::vector<demo::reading> parse_readings(std::string_view text, std::int64_t time);

}  // namespace twinsocket::app
