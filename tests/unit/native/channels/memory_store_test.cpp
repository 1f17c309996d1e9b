// Histories and presence in memory, with a clock of the test.

#include "channels/memory_store.hpp"

#include "test.hpp"

using namespace std::chrono_literals;
using twinsocket::broker_member;
using twinsocket::broker_position;
using twinsocket::broker_publication;
using twinsocket::broker_publish_options;
using twinsocket::memory_broker_options;
using twinsocket::detail::memory_store;
using twinsocket::detail::time_point;

namespace {

constexpr time_point start{1h};
const broker_publish_options three{.history_size = 3, .history_time = 60s};

std::vector<broker_publication> all(memory_store& store, std::string_view channel, std::uint64_t since = 0) {
  return store.history(channel, since, 100, start).publications;
}

}  // namespace

TEST_CASE("a channel keeps its last publications, numbered from 1") {
  memory_store store({}, "run");
  for (const char* text : {"a", "b", "c", "d"}) static_cast<void>(store.publish("news", text, three, start));
  CHECK(all(store, "news") == std::vector<broker_publication>{{2, "b"}, {3, "c"}, {4, "d"}});
  CHECK(all(store, "news", 3) == std::vector<broker_publication>{{4, "d"}});
  CHECK(all(store, "news", 4).empty());
  const auto first = store.history("news", 0, 2, start);
  CHECK(first.publications == std::vector<broker_publication>{{2, "b"}, {3, "c"}});
  CHECK(first.last == broker_position{4, "run-1"});
  CHECK(first.oldest == 2);
}

TEST_CASE("a publication without history has no position and makes no channel") {
  memory_store store({}, "run");
  CHECK_FALSE(store.publish("news", "a", {}, start).position);
  CHECK(store.channels() == 0);
  CHECK(store.bytes() == 0);
}

TEST_CASE("a key that was used publishes nothing again and has the same position") {
  memory_store store({}, "run");
  broker_publish_options once = three;
  once.key = "k";
  once.key_time = 10s;
  const auto first = store.publish("news", "a", once, start);
  CHECK_FALSE(first.repeated);
  const auto second = store.publish("news", "a", once, start + 9s);
  CHECK(second.repeated);
  CHECK(second.position == first.position);
  CHECK_FALSE(store.publish("other", "a", once, start).repeated);
  CHECK_FALSE(store.publish("news", "a", once, start + 10s).repeated);
  CHECK(all(store, "news").size() == 2);
}

TEST_CASE("a channel is gone once its history has ended and nobody is in it") {
  memory_store store({}, "run");
  static_cast<void>(store.publish("news", "a", three, start));
  CHECK(store.history("news", 0, 9, start + 59s).publications.size() == 1);
  CHECK(store.channels() == 1);
  static_cast<void>(store.presence("other", start + 60s));
  CHECK(store.channels() == 0);
  CHECK(store.bytes() == 0);
  CHECK(store.history("news", 0, 9, start + 61s).last == broker_position{0, "run-2"});
}

TEST_CASE("each publication renews the time of the history") {
  memory_store store({}, "run");
  for (int i = 0; i < 100; ++i) static_cast<void>(store.publish("news", "a", three, start + i * 30s));
  CHECK(store.history("news", 0, 9, start + 99 * 30s + 59s).publications.size() == 3);
  static_cast<void>(store.presence("other", start + 99 * 30s + 60s));
  CHECK(store.channels() == 0);
}

TEST_CASE("a channel with subscribers keeps its epoch and its count when its history has ended") {
  memory_store store({}, "run");
  store.subscribe("news", start);
  static_cast<void>(store.publish("news", "a", three, start));
  const auto later = store.history("news", 0, 9, start + 1h);
  CHECK(later.publications.empty());
  CHECK(later.last == broker_position{1, "run-1"});
  store.unsubscribe("news", start + 1h);
  CHECK(store.channels() == 0);
}

TEST_CASE("presence ends when it is removed or not renewed") {
  memory_store store({}, "run");
  const auto members = [&](time_point now) { return store.presence("room", now); };
  REQUIRE(store.add_presence("room", "1", "Ada", start + 10s, start));
  REQUIRE(store.add_presence("room", "2", "Bob", start + 5s, start));
  CHECK(members(start + 4s) == std::vector<broker_member>{{"1", "Ada"}, {"2", "Bob"}});
  REQUIRE(store.add_presence("room", "2", "Bob B.", start + 20s, start + 4s));
  CHECK(members(start + 9s) == std::vector<broker_member>{{"1", "Ada"}, {"2", "Bob B."}});
  CHECK(members(start + 10s) == std::vector<broker_member>{{"2", "Bob B."}});
  store.remove_presence("room", "2", start + 11s);
  CHECK(members(start + 11s).empty());
  CHECK(store.channels() == 0);
  CHECK(store.bytes() == 0);
}

TEST_CASE("what exceeds the limit of bytes is delivered and not kept, and the history has no holes") {
  memory_store store({.bytes = 300}, "run");
  for (int i = 0; i < 3; ++i) CHECK(store.publish("news", std::string(100, 'x'), three, start).position);
  CHECK(all(store, "news") == std::vector<broker_publication>{{3, std::string(100, 'x')}});
  CHECK(store.publish("news", std::string(400, 'y'), three, start).position == broker_position{4, "run-1"});
  CHECK(all(store, "news").empty());
  CHECK(store.bytes() == 0);
  CHECK(store.publish("news", "z", three, start).position == broker_position{5, "run-1"});
  CHECK(all(store, "news") == std::vector<broker_publication>{{5, "z"}});
}

TEST_CASE("keys take at most a quarter of the bytes, and presence none that are not there") {
  memory_store store({.bytes = 1'000}, "run");
  broker_publish_options once{.history_size = 1, .history_time = 60s, .key_time = 10s};
  for (int i = 0; i < 100; ++i) {
    once.key = "k" + std::to_string(i);
    static_cast<void>(store.publish("news", "a", once, start));
  }
  // The first keys are remembered, those without room are not.
  once.key = "k0";
  CHECK(store.publish("news", "a", once, start).repeated);
  once.key = "k99";
  CHECK_FALSE(store.publish("news", "a", once, start).repeated);
  CHECK(store.bytes() < 400);
  REQUIRE(store.add_presence("room", "1", std::string(200, 'x'), start + 10s, start));
  CHECK_FALSE(store.add_presence("room", "2", std::string(600, 'x'), start + 10s, start));
  CHECK_FALSE(store.add_presence("other", "2", std::string(600, 'x'), start + 10s, start));
  CHECK(store.channels() == 2);
  CHECK(store.presence("other", start + 60s).empty());
  CHECK(store.channels() == 0);
  CHECK(store.bytes() == 0);
}

TEST_CASE("a channel that went and came back ends by its own times") {
  memory_store store({}, "run");
  for (int i = 0; i < 100; ++i) {
    REQUIRE(store.add_presence("room", "1", "Ada", start + 10s, start));
    store.remove_presence("room", "1", start);
  }
  CHECK(store.channels() == 0);
  REQUIRE(store.add_presence("room", "1", "Ada", start + 30s, start));
  CHECK(store.presence("room", start + 29s).size() == 1);
  CHECK(store.presence("room", start + 30s).empty());
  REQUIRE(store.add_presence("room", "1", "Ada", start + 90s, start + 30s));
  REQUIRE(store.add_presence("room", "2", "Bob", start + 60s, start + 30s));
  CHECK(store.presence("room", start + 60s) == std::vector<broker_member>{{"1", "Ada"}});
  store.remove("room");
  CHECK(store.presence("room", start + 90s).empty());
}

TEST_CASE("a channel over the limit of channels keeps nothing") {
  memory_store store({.channels = 1}, "run");
  REQUIRE(store.publish("one", "a", three, start).position);
  CHECK_FALSE(store.publish("two", "a", three, start).position);
  CHECK_FALSE(store.add_presence("two", "1", "Ada", start + 10s, start));
  CHECK(store.history("two", 0, 9, start).last.epoch.empty());
}

TEST_CASE("a removed channel begins anew") {
  memory_store store({}, "run");
  store.subscribe("news", start);
  static_cast<void>(store.publish("news", "a", three, start));
  REQUIRE(store.add_presence("news", "1", "Ada", start + 10s, start));
  store.remove("news");
  CHECK(store.presence("news", start).empty());
  CHECK(store.publish("news", "b", three, start).position == broker_position{1, "run-2"});
  store.unsubscribe("news", start);
  store.remove("news");
  CHECK(store.channels() == 0);
  CHECK(store.bytes() == 0);
}
