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

struct person {
  std::string name;
  std::vector<std::string> emails;
};
BOOST_DESCRIBE_STRUCT(person, (), (name, emails))
TWINSOCKET_NAMES(person, type("Person", doc("Sent to /person/json and /person/xml.")), (name, "Name", required),
                 (emails, "Emails"))

struct reading {
  std::string chip;
  std::string label;
  std::string kind;
  double value = 0;
  std::string unit;
  std::optional<double> high;
  std::optional<double> critical;
  std::int64_t time = 0;
};
BOOST_DESCRIBE_STRUCT(reading, (), (chip, label, kind, value, unit, high, critical, time))
TWINSOCKET_NAMES(reading, type("Reading", doc("One value of one sensor.")),
                 (chip, doc("The device, such as \"coretemp-isa-0000\"; \"simulated\" where the value is made up.")),
                 (label, required, doc("What is measured there, such as \"Core 0\".")),
                 (kind, doc("What sort of thing that is: temperature, voltage, fan, power, energy, current, humidity, "
                            "alarm, load, load average, memory, or other.")),
                 (value, required, doc("Measured in `unit`, as are the limits.")),
                 (unit, doc("Such as \"V\", \"W\", \"RPM\" or \"%\"; empty for a plain number.")),
                 (high, omit_empty, doc("From here on it should not stay.")),
                 (critical, omit_empty, doc("From here on there is danger.")),
                 (time, doc("When it was read, in milliseconds since 1970.")))

struct sensor_report {
  std::string source;
  std::int64_t time = 0;
  std::vector<reading> readings;
  std::optional<std::string> error;
};
BOOST_DESCRIBE_STRUCT(sensor_report, (), (source, time, readings, error))
TWINSOCKET_NAMES(sensor_report, type("SensorReport", doc("Sent by /sensors once per interval.")),
                 (source, doc("hwmon, system, simulated or command.")),
                 (time, doc("When it was read, in milliseconds since 1970.")),
                 (readings, xml_name("reading"), doc("In the order of the source; empty when the reading failed.")),
                 (error, omit_empty, doc("Why the reading failed.")))

struct chat_message {
  std::string event;
  std::string name;
  std::string text;
  std::int64_t time = 0;
};
BOOST_DESCRIBE_STRUCT(chat_message, (), (event, name, text, time))
TWINSOCKET_NAMES(chat_message,
                 type("ChatMessage", doc("What is said in a room of /chat, in both directions; of what a client sends "
                                         "only the text counts.")),
                 (event, doc("said, joined or left.")), (name, doc("Who it was.")),
                 (text, required, doc("What was said.")),
                 (time, doc("When, in milliseconds since 1970, by the server's clock.")))

}  // namespace demo
