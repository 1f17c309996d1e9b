#include "sensors/readings_text.hpp"

#include "test.hpp"

#include "result_text.hpp"

using namespace twinsocket::app;

namespace {

const char* const coretemp =
    "coretemp-isa-0000\n"
    "Adapter: ISA adapter\n"
    "Package id 0:  +47.0\u00b0"
    "C  (high = +80.0\u00b0"
    "C, crit = +100.0\u00b0"
    "C)\n"
    "Core 0:        +45.0\u00b0"
    "C  (high = +80.0\u00b0"
    "C, crit = +100.0\u00b0"
    "C)\n"
    "\n"
    "nct6775-isa-0290\n"
    "Adapter: ISA adapter\n"
    "in0:           744.00 mV (min =  +0.00 V, max =  +1.74 V)\n"
    "fan1:         1208 RPM  (min =    0 RPM)\n"
    "SYSTIN:        +35.0 C  (high =  +0.0 C, hyst =  +0.0 C)  ALARM  sensor = thermistor\n"
    "temp7:         -12.5\u00b0"
    "C  (low  =  +0.0\u00b0"
    "C, high = +70.0\u00b0"
    "C)\n"
    "                       (crit = +90.0\u00b0"
    "C)\n"
    "intrusion0:  OK\n"
    "power1:        N/A\n"
    "humidity1:     40.5 %RH\n";

std::vector<demo::reading> parse(std::string_view text) { return parse_readings(text, 1234); }

}  // namespace

TEST_CASE("the output of sensors is parsed") {
  const auto readings = parse(coretemp);
  REQUIRE(readings.size() == 7);

  const demo::reading& core = readings[1];
  REQUIRE(core.chip == "coretemp-isa-0000");
  REQUIRE(core.label == "Core 0");
  REQUIRE(core.kind == "temperature");
  REQUIRE(core.value == 45.0);
  REQUIRE(core.unit == "\u00b0C");
  REQUIRE(core.high == 80.0);
  REQUIRE(core.critical == 100.0);
  REQUIRE(core.time == 1234);

  REQUIRE(readings[2].chip == "nct6775-isa-0290");
  REQUIRE(readings[3].kind == "fan");
  REQUIRE_FALSE(readings[3].high);
  REQUIRE(readings[6].kind == "humidity");
}

TEST_CASE("values and limits are converted to the base unit") {
  const auto readings = parse(coretemp);
  REQUIRE(readings[2].label == "in0");
  REQUIRE(readings[2].unit == "V");
  REQUIRE(readings[2].value == Approx(0.744));
  REQUIRE(readings[2].high == 1.74);
  REQUIRE(parse("Package: 2.5 kW").at(0).value == 2500);
  REQUIRE(parse("Package: 15 \u00b5A (max = 20)").at(0).high == Approx(20e-6));
}

TEST_CASE("a temperature unit without a degree sign is parsed") {
  REQUIRE(parse(coretemp).at(4).unit == "\u00b0C");
  REQUIRE(parse(coretemp).at(4).label == "SYSTIN");
  REQUIRE(parse("a: 70 F").at(0).unit == "\u00b0F");
}

TEST_CASE("limits on the next line are parsed") {
  const auto readings = parse(coretemp);
  REQUIRE(readings[5].value == -12.5);
  REQUIRE(readings[5].high == 70.0);
  REQUIRE(readings[5].critical == 90.0);
}

TEST_CASE("a line without a unit is a plain number and a line without a chip has none") {
  const auto readings = parse("queue: 12\nerrors: 0.5\r\nspeed:3 km/h");
  REQUIRE(readings.size() == 3);
  REQUIRE(readings[0].kind == "other");
  REQUIRE(readings[0].unit.empty());
  REQUIRE(readings[0].chip.empty());
  REQUIRE(readings[1].value == 0.5);
  REQUIRE(readings[2].unit == "km/h");
}

TEST_CASE("lines that are no readings are skipped") {
  for (const char* line : {"time: 12:30",
                           "address: 10.0.0.1",
                           "date: 2024-01-02",
                           "state: OK",
                           "a: nan",
                           "a: inf V",
                           "a: -",
                           "a: +",
                           "a:",
                           ":",
                           ": 5",
                           "a: 1e999",
                           "a: 1e308 MW",
                           "a: 45,5 C",
                           "(high = 5)",
                           "a: 1 unit-with-dash",
                           "\x01\x02: 5",
                           "a: 0x10",
                           "\uffff: 5",
                           "a: 5 \uffff"}) {
    INFO(line);
    REQUIRE(parse(line).empty());
  }
}

TEST_CASE("readings are parsed from a JSON array and missing members keep their defaults") {
  const auto readings = parse(R"( [
    {"chip": "boiler", "label": "Flow", "kind": "temperature", "value": 61.5, "unit": "\u00b0C", "high": 80, "critical": null,
     "time": 99},
    {"label": "Pump", "value": 12, "unit": "W", "color": "green"},
    {"label": "", "value": 1}, {"label": "control\u0001character", "value": 1} ])");
  REQUIRE(readings.size() == 2);
  REQUIRE(readings[0].chip == "boiler");
  REQUIRE(readings[0].value == 61.5);
  REQUIRE(readings[0].high == 80.0);
  REQUIRE_FALSE(readings[0].critical);
  REQUIRE(readings[0].time == 99);
  REQUIRE(readings[1].kind == "power");
  REQUIRE(readings[1].time == 1234);
}

TEST_CASE("readings are parsed from a JSON report") {
  REQUIRE(parse(R"({"source": "x", "readings": [{"label": "a", "value": 1}]})").size() == 1);
}

TEST_CASE("malformed and deeply nested JSON yields no readings") {
  for (const char* text :
       {"[", "{", "[1,2", "{}", "[]", "[]]", R"({"readings": 5})", R"([{"label":"a","value":1e999}])",
        R"([{"label":"a"}])", R"([{"value":1}])", R"([{"label":5,"value":1}])", R"([{"label":"a","value":"1"}])",
        R"([{"label":"a","value":1},7])"}) {
    INFO(text);
    REQUIRE(parse(text).empty());
  }
  REQUIRE(parse(std::string(1'000'000, '[')).empty());
  REQUIRE(parse(std::string(500'000, '[') + std::string(500'000, ']')).empty());
}

TEST_CASE("a line that begins like JSON is parsed as a line") {
  const auto readings = parse("[12:00] hello\nqueue: 12\n");
  REQUIRE(readings.size() == 1);
  REQUIRE(readings[0].value == 12);
}

TEST_CASE("at most max_readings readings are returned") {
  std::string lines;
  std::string array = "[";
  for (std::size_t i = 0; i < max_readings + 10; ++i) {
    lines += "a: 1\n";
    array += R"({"label":"a","value":1},)";
  }
  array.back() = ']';
  REQUIRE(parse(lines).size() == max_readings);
  REQUIRE(parse(array).size() == max_readings);
}

TEST_CASE("format_readings() writes the format of sensors and round-trips") {
  const std::vector<demo::reading> readings{
      {"chip-a", "Core 0", "temperature", 45.5, "\u00b0C", 80, 100, 1234},
      {"chip-a", "Outside", "temperature", -3, "\u00b0C", {}, {}, 1234},
      {"chip-b", "fan1", "fan", 1200, "RPM", {}, {}, 1234},
      {"chip-b", "rail", "voltage", 12.25, "V", 13.5, {}, 1234},
      {"chip-b", "load", "load", 12.5, "%", {}, 90, 1234},
      {"chip-b", "count", "other", 7, "", {}, {}, 1234},
  };
  const std::string text = format_readings(readings);
  REQUIRE(text ==
          "chip-a\n"
          "Core 0:   +45.5\u00b0C  (high = +80.0\u00b0C, crit = +100.0\u00b0C)\n"
          "Outside:  -3.0\u00b0C\n"
          "\n"
          "chip-b\n"
          "fan1:   1200 RPM\n"
          "rail:   12.25 V  (high = 13.50 V)\n"
          "load:   12.5 %  (crit = 90.0 %)\n"
          "count:  7.00\n"
          "\n");
  const auto again = parse(text);
  REQUIRE(again.size() == readings.size());
  for (std::size_t i = 0; i < readings.size(); ++i) {
    INFO(i);
    REQUIRE(again[i].chip == readings[i].chip);
    REQUIRE(again[i].label == readings[i].label);
    REQUIRE(again[i].kind == readings[i].kind);
    REQUIRE(again[i].value == readings[i].value);
    REQUIRE(again[i].unit == readings[i].unit);
    REQUIRE(again[i].high == readings[i].high);
    REQUIRE(again[i].critical == readings[i].critical);
  }
}
