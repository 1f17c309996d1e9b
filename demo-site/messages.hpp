#pragma once

// Messages between the server and the page of the demo. JSON, XML and CBOR, the TypeScript types and the run-time checks are
// generated from these descriptions.

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
                 (chip, doc("The device, such as \"coretemp-isa-0000\"; \"simulated\" for simulated values.")),
                 (label, required, doc("The measured quantity, such as \"Core 0\".")),
                 (kind, doc("Kind of the quantity: temperature, voltage, fan, power, energy, current, humidity, "
                            "alarm, load, load average, memory, or other.")),
                 (value, required, doc("Value in `unit`, like the limits.")),
                 (unit, doc("Such as \"V\", \"W\", \"RPM\" or \"%\"; empty for a plain number.")),
                 (high, omit_empty, doc("Limit below which the value should stay.")),
                 (critical, omit_empty, doc("Values from this limit on are dangerous.")),
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
                 type("ChatMessage", doc("A message in a room of /chat, in both directions. The server reads only "
                                         "`text` of a client's message.")),
                 (event, doc("said, joined or left.")), (name, doc("Name of the sender.")),
                 (text, required, doc("Text of the message.")),
                 (time, doc("Time by the server's clock, in milliseconds since 1970.")))

}  // namespace demo
