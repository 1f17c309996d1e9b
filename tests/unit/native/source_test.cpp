#include "sensors/source.hpp"

#include "test.hpp"

#include "result_text.hpp"

using namespace twinsocket::app;

TEST_CASE("make_sensor_source() selects a source by name") {
  REQUIRE((*make_sensor_source("simulated"))->name() == "simulated");
  auto command = make_sensor_source("command:echo queue: 12");
  REQUIRE((*command)->name() == "command");
  REQUIRE((*command)->read({})->text == "queue: 12\n");
}

TEST_CASE("auto selects a source that has readings on every machine") {
  const auto chosen = make_sensor_source("auto");
  REQUIRE(chosen);
  REQUIRE_FALSE((*chosen)->read({})->readings.empty());
}

TEST_CASE("make_sensor_source() rejects an unknown name and lists the valid ones") {
  for (const char* spec : {"", "gpu", "Auto", "command", "system "}) {
    const auto source = make_sensor_source(spec);
    INFO(spec);
    REQUIRE_FALSE(source);
    REQUIRE(source.error() == twinsocket::errc::invalid_argument);
    std::string expected = "\"";
    expected.append(spec).append(
        "\" is not a source of sensor readings; use auto, hwmon, system, simulated or command:CMD");
    REQUIRE(source.error().detail() == expected);
  }
  REQUIRE(make_sensor_source("command:").error().detail() == "the command \"\" is empty");
}
