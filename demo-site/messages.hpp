#pragma once

// What the demo's server and its page say to each other, described once: the JSON and the XML on the wire, the
// TypeScript types and the run-time checks come from here.

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "twinsocket/describe.hpp"

namespace demo {

/// Sent to /person/json and /person/xml.
struct person {
  std::string name;
  std::vector<std::string> emails;
};
BOOST_DESCRIBE_STRUCT(person, (), (name, emails))
TWINSOCKET_NAMES(person, "Person", (name, "Name", required), (emails, "Emails"))

/// One value of one sensor.
struct reading {
  std::string chip;                ///< The device, such as "coretemp-isa-0000"; "simulated" where the value is made up.
  std::string label;               ///< What is measured there, such as "Core 0".
  std::string kind;                ///< What sort of thing that is: temperature, voltage, fan, power, energy, current,
                                   ///< humidity, alarm, load, load average, memory, or other.
  double value = 0;                ///< Measured in `unit`, as are the limits.
  std::string unit;                ///< Such as "V", "W", "RPM" or "%"; empty for a plain number.
  std::optional<double> high;      ///< From here on it should not stay.
  std::optional<double> critical;  ///< From here on there is danger.
  std::int64_t time = 0;           ///< When it was read, in milliseconds since 1970.
};
BOOST_DESCRIBE_STRUCT(reading, (), (chip, label, kind, value, unit, high, critical, time))
TWINSOCKET_NAMES(reading, "Reading", (label, required), (value, required), (high, omit_empty), (critical, omit_empty))

/// Sent by /sensors once per interval.
struct sensor_report {
  std::string source;                ///< hwmon, system, simulated or command.
  std::int64_t time = 0;             ///< When it was read, in milliseconds since 1970.
  std::vector<reading> readings;     ///< In the order of the source; empty when the reading failed.
  std::optional<std::string> error;  ///< Why the reading failed.
};
BOOST_DESCRIBE_STRUCT(sensor_report, (), (source, time, readings, error))
TWINSOCKET_NAMES(sensor_report, "SensorReport", (readings, xml_name("reading")), (error, omit_empty))

/// What is said in a room of /chat, in both directions; of what a client sends only the text counts.
struct chat_message {
  std::string event;      ///< said, joined or left.
  std::string name;       ///< Who it was.
  std::string text;       ///< What was said.
  std::int64_t time = 0;  ///< When, in milliseconds since 1970, by the server's clock.
};
BOOST_DESCRIBE_STRUCT(chat_message, (), (event, name, text, time))
TWINSOCKET_NAMES(chat_message, "ChatMessage", (text, required))

}  // namespace demo
