#include "demo-site/messages.hpp"

#include "test.hpp"

#include "result_text.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/xml.hpp"

namespace {

using twinsocket::message;

const demo::sensor_report report{"hwmon",
                                 1700000000123,
                                 {{"coretemp-isa-0000", "Core 0", "temperature", 45.5, "\u00b0C", 80, 0, 1700000000123},
                                  {"nct6775", "fan1", "fan", 1200, "RPM", {}, {}, 1700000000123}},
                                 {}};

template <class Codec, class T>
std::string encoded(const Codec& codec, const T& value) {
  const auto made = codec.encode(value);
  REQUIRE(made);
  REQUIRE(made->is_text());
  return std::string(made->text());
}

}  // namespace

TEST_CASE("person has the member names of the wire format in JSON and XML") {
  const demo::person jan{"Jan", {"jan@example.com", "jan@example.org"}};
  REQUIRE(encoded(twinsocket::json, jan) == R"({"Name":"Jan","Emails":["jan@example.com","jan@example.org"]})");
  REQUIRE(encoded(twinsocket::xml, jan) ==
          "<Person><Name>Jan</Name><Emails>jan@example.com</Emails><Emails>jan@example.org</Emails></Person>");
  const auto back =
      twinsocket::xml.decode<demo::person>(message(std::string_view("<Person><Name>Jan</Name></Person>")));
  REQUIRE(back);
  REQUIRE(back->name == "Jan");
  REQUIRE(back->emails.empty());
}

TEST_CASE("a person without a name is rejected") {
  REQUIRE_FALSE(twinsocket::json.decode<demo::person>(message(std::string_view(R"({"Emails":[]})"))));
  REQUIRE_FALSE(twinsocket::xml.decode<demo::person>(message(std::string_view("<Person/>"))));
}

TEST_CASE("a report in JSON omits absent limits") {
  REQUIRE(encoded(twinsocket::json, report) ==
          R"({"source":"hwmon","time":1700000000123,"readings":[)"
          R"({"chip":"coretemp-isa-0000","label":"Core 0","kind":"temperature","value":45.5,"unit":")"
          "\u00b0"
          R"(C","high":80,)"
          R"("critical":0,"time":1700000000123},)"
          R"({"chip":"nct6775","label":"fan1","kind":"fan","value":1200,"unit":"RPM","time":1700000000123}]})");
}

TEST_CASE("a report in XML has one element per reading") {
  REQUIRE(encoded(twinsocket::xml, report) ==
          "<SensorReport><source>hwmon</source><time>1700000000123</time>"
          "<reading><chip>coretemp-isa-0000</chip><label>Core 0</label><kind>temperature</kind><value>45.5</value>"
          "<unit>\u00b0C</unit><high>80</high><critical>0</critical><time>1700000000123</time></reading>"
          "<reading><chip>nct6775</chip><label>fan1</label><kind>fan</kind><value>1200</value><unit>RPM</unit>"
          "<time>1700000000123</time></reading></SensorReport>");
}

TEST_CASE("a report round-trips through JSON and XML") {
  demo::sensor_report failed;
  failed.source = "command";
  failed.error = "the operation timed out";
  REQUIRE(encoded(twinsocket::json, failed) ==
          R"({"source":"command","time":0,"readings":[],"error":"the operation timed out"})");
  for (const auto& original : {report, failed}) {
    const auto from_json = twinsocket::json.decode<demo::sensor_report>(*twinsocket::json.encode(original));
    const auto from_xml = twinsocket::xml.decode<demo::sensor_report>(*twinsocket::xml.encode(original));
    REQUIRE(from_json);
    REQUIRE(from_xml);
    for (const auto* back : {&*from_json, &*from_xml}) {
      REQUIRE(encoded(twinsocket::json, *back) == encoded(twinsocket::json, original));
    }
  }
}
