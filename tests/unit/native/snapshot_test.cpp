#include "sensors/snapshot.hpp"

#include "test.hpp"
#include <thread>
#include <vector>

#include "result_text.hpp"

using twinsocket::app::snapshot;

namespace {

using twinsocket::message_kind;

std::string content_of(const twinsocket::result<twinsocket::prepared_message>& message, message_kind kind) {
  REQUIRE(message);
  REQUIRE(message->kind() == kind);
  return {reinterpret_cast<const char*>(message->bytes().data()), message->bytes().size()};
}

}  // namespace

TEST_CASE("a snapshot encodes its JSON, XML and CBOR messages once for all threads") {
  demo::sensor_report report;
  report.source = "test";
  report.readings.push_back({"chip", "a", "other", 1.5, "", {}, {}, 1});
  const snapshot taken(report, "a: 1.50\n");

  constexpr std::size_t askers = 4;
  std::vector<const void*> seen(3 * askers);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < askers; ++i)
    threads.emplace_back([&, i] {
      seen[3 * i] = &taken.json();
      seen[3 * i + 1] = &taken.xml();
      seen[3 * i + 2] = &taken.cbor();
    });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < askers; ++i) {
    REQUIRE(seen[3 * i] == &taken.json());
    REQUIRE(seen[3 * i + 1] == &taken.xml());
    REQUIRE(seen[3 * i + 2] == &taken.cbor());
  }
  REQUIRE(content_of(taken.json(), message_kind::text) ==
          R"({"source":"test","time":0,"readings":[{"chip":"chip","label":"a","kind":"other","value":1.5,"unit":"",)"
          R"("time":1}]})");
  REQUIRE(content_of(taken.xml(), message_kind::text) ==
          "<SensorReport><source>test</source><time>0</time><reading><chip>chip</chip><label>a</label>"
          "<kind>other</kind><value>1.5</value><unit></unit><time>1</time></reading></SensorReport>");
  // A map of 3 that begins with "source": "test" and ends with the time of the only reading.
  const std::string cbor = content_of(taken.cbor(), message_kind::binary);
  REQUIRE(cbor.starts_with("\xa3\x66source\x64test\x64time"));
  REQUIRE(cbor.ends_with("\x64time\x01"));
}

TEST_CASE("a snapshot of a failed reading has the error in its messages") {
  const snapshot failed({}, twinsocket::error(twinsocket::errc::timed_out, "the bus"));
  REQUIRE(failed.failure());
  REQUIRE(content_of(failed.json(), message_kind::text) ==
          R"({"source":"","time":0,"readings":[],"error":"the operation timed out: the bus"})");
}
