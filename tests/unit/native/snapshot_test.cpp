#include "sensors/snapshot.hpp"

#include "test.hpp"
#include <thread>
#include <vector>

#include "result_text.hpp"

using twinsocket::app::snapshot;

namespace {

std::string text_of(const twinsocket::result<twinsocket::prepared_message>& message) {
  REQUIRE(message);
  REQUIRE(message->kind() == twinsocket::message_kind::text);
  return {reinterpret_cast<const char*>(message->bytes().data()), message->bytes().size()};
}

}  // namespace

TEST_CASE("a snapshot's messages are encoded once for all who ask") {
  demo::sensor_report report;
  report.source = "test";
  report.readings.push_back({"chip", "a", "other", 1.5, "", {}, {}, 1});
  const snapshot taken(report, "a: 1.50\n");

  constexpr std::size_t askers = 4;
  std::vector<const void*> seen(2 * askers);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < askers; ++i)
    threads.emplace_back([&, i] {
      seen[2 * i] = &taken.json();
      seen[2 * i + 1] = &taken.xml();
    });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < askers; ++i) {
    REQUIRE(seen[2 * i] == &taken.json());
    REQUIRE(seen[2 * i + 1] == &taken.xml());
  }
  REQUIRE(text_of(taken.json()) ==
          R"({"source":"test","time":0,"readings":[{"chip":"chip","label":"a","kind":"other","value":1.5,"unit":"",)"
          R"("time":1}]})");
  REQUIRE(text_of(taken.xml()) ==
          "<SensorReport><source>test</source><time>0</time><reading><chip>chip</chip><label>a</label>"
          "<kind>other</kind><value>1.5</value><unit></unit><time>1</time></reading></SensorReport>");
}

TEST_CASE("a snapshot of a reading that failed says why in its messages") {
  const snapshot failed({}, twinsocket::error(twinsocket::errc::timed_out, "the bus"));
  REQUIRE(failed.failure());
  REQUIRE(text_of(failed.json()) == R"({"source":"","time":0,"readings":[],"error":"the time limit passed: the bus"})");
}
