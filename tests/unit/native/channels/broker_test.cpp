// What every broker does: each test runs on the broker in the process, on Redis and on a Redis Cluster.

#include "twinsocket/native/broker.hpp"

#include <functional>

#include "test.hpp"
#include "broker_checks.hpp"
#include "redis_cluster.hpp"
#include "redis_server.hpp"
#include "twinsocket/native/redis_broker.hpp"
#include "twinsocket/native/run.hpp"

using namespace std::chrono_literals;
using twinsocket::broker;
using twinsocket::broker_member;
using twinsocket::broker_position;
using twinsocket::broker_publication;
using twinsocket::broker_publish_options;
using twinsocket::result;
using twinsocket::task;
using members = std::vector<broker_member>;

namespace {

const broker_publish_options three{.history_size = 3, .history_time = 60s};

// g++ before 13 does not compile braced lists inside a co_await expression.
template <class T, class... More>
std::vector<T> list(T first, More... more) {
  std::vector<T> out{std::move(first)};
  (out.push_back(std::move(more)), ...);
  return out;
}
broker_publication publication(std::uint64_t offset, std::string bytes) { return {offset, std::move(bytes)}; }
broker_member member(std::string client, std::string bytes) { return {std::move(client), std::move(bytes)}; }

std::string next_prefix() {
  static int number = 0;
  return "test-" + std::to_string(++number) + ":";
}

void on_each_broker(const std::function<task<void>(broker&)>& test) {
  SECTION("in the process") {
    const auto one = twinsocket::memory_broker();
    twinsocket::run([&] { return test(*one); });
  }
  SECTION("on Redis") {
    if (!shared_redis()) return;
    auto options = shared_redis()->quick();
    options.key_prefix = next_prefix();
    const auto one = twinsocket::redis_broker("redis://localhost", options);
    REQUIRE(one.has_value());
    twinsocket::run([&] { return test(**one); });
  }
  SECTION("on a Redis Cluster") {
    if (!shared_cluster()) return;
    auto options = shared_cluster()->quick();
    options.key_prefix = next_prefix();
    const auto one = twinsocket::redis_broker(shared_cluster()->url(1), options);
    REQUIRE(one.has_value());
    twinsocket::run([&] { return test(**one); });
  }
}

task<broker_position> published(broker& on, std::string channel, std::string bytes,
                                broker_publish_options how = three) {
  const auto made = co_await on.publish(std::move(channel), std::move(bytes), std::move(how));
  if (!made.has_value()) FAIL(made.error().message());
  REQUIRE(made->has_value());
  co_return **made;
}

task<twinsocket::broker_history> history_of(broker& on, std::string channel, std::uint64_t since = 0,
                                            std::size_t limit = 100) {
  auto found = co_await on.history(std::move(channel), since, limit);
  if (!found.has_value()) FAIL(found.error().message());
  co_return std::move(*found);
}

task<members> present(broker& on, std::string channel) {
  auto found = co_await on.presence(std::move(channel));
  if (!found.has_value()) FAIL(found.error().message());
  co_return std::move(*found);
}

task<void> expect_none(task<twinsocket::broker_history> call) {
  const auto found = co_await std::move(call);
  CHECK(found.publications.empty());
}

task<void> expect_nobody(task<members> call) {
  const auto found = co_await std::move(call);
  CHECK(found.empty());
}

}  // namespace

TEST_CASE("a broker numbers the publications of a channel and keeps the last ones") {
  on_each_broker([](broker& one) -> task<void> {
    std::string epoch;
    for (const char* text : {"a", "b", "c", "d"}) {
      const auto position = co_await published(one, "news", text);
      CHECK(position.offset == static_cast<std::uint64_t>(text[0] - 'a' + 1));
      CHECK_FALSE(position.epoch.empty());
      if (epoch.empty()) epoch = position.epoch;
      CHECK(position.epoch == epoch);
    }
    const auto all = co_await history_of(one, "news");
    CHECK(all.publications == list(publication(2, "b"), publication(3, "c"), publication(4, "d")));
    CHECK(all.last == broker_position{4, epoch});
    CHECK(all.oldest == 2);
    const auto newer = co_await history_of(one, "news", 3);
    CHECK(newer.publications == list(publication(4, "d")));
    co_await expect_none(history_of(one, "news", 4));
    co_await expect_none(history_of(one, "news", ~std::uint64_t{0}));
    const auto first = co_await history_of(one, "news", 0, 2);
    CHECK(first.publications == list(publication(2, "b"), publication(3, "c")));
    CHECK(first.oldest == 2);
    const auto nothing = co_await history_of(one, "news", 0, 0);
    CHECK(nothing.publications.empty());
    CHECK(nothing.last.offset == 4);
    CHECK(one.health().ok);
  });
}

TEST_CASE("a broker keeps fewer publications when the size of the history shrinks") {
  on_each_broker([](broker& one) -> task<void> {
    static_cast<void>(co_await published(one, "news", "a"));
    static_cast<void>(co_await published(one, "news", "b"));
    const broker_publish_options last{.history_size = 1};
    static_cast<void>(co_await published(one, "news", "c", last));
    const auto all = co_await history_of(one, "news");
    CHECK(all.publications == list(publication(3, "c")));
  });
}

TEST_CASE("a broker gives no position to a publication without history") {
  on_each_broker([](broker& one) -> task<void> {
    const auto heard = listen(one);
    co_await succeeds(one.subscribe("news"));
    const broker_publish_options nothing;
    const auto made = co_await one.publish("news", "a", nothing);
    REQUIRE(made.has_value());
    CHECK_FALSE(made->has_value());
    const delivered expected{"news", {0, "a"}, ""};
    const auto heard_first = co_await heard->next();
    CHECK(heard_first == expected);
    const auto all = co_await history_of(one, "news");
    CHECK(all.last.offset == 0);
    CHECK(all.oldest == 0);
    CHECK(all.publications.empty());
  });
}

TEST_CASE("the first publication of a channel continues the epoch that its history had") {
  on_each_broker([](broker& one) -> task<void> {
    const auto before = co_await history_of(one, "news");
    CHECK(before.last.offset == 0);
    CHECK_FALSE(before.last.epoch.empty());
    const broker_position expected{1, before.last.epoch};
    const auto got = co_await published(one, "news", "a");
    CHECK(got == expected);
    const auto other = co_await history_of(one, "other");
    CHECK(other.last.epoch != before.last.epoch);
  });
}

TEST_CASE("a broker publishes nothing for a key that it knows, and returns the first position") {
  on_each_broker([](broker& one) -> task<void> {
    const auto heard = listen(one);
    co_await succeeds(one.subscribe("news"));
    broker_publish_options once = three;
    once.key = "k";
    const auto first = co_await published(one, "news", "a", once);
    const auto repeated = co_await published(one, "news", "b", once);
    CHECK(repeated == first);
    const auto elsewhere = co_await published(one, "other", "c", once);
    CHECK(elsewhere.epoch != first.epoch);
    once.key = "l";
    const auto with_other_key = co_await published(one, "news", "d", once);
    CHECK(with_other_key.offset == 2);
    const auto delivered_first = co_await heard->next();
    CHECK(delivered_first.publication == publication(1, "a"));
    for (delivered next = co_await heard->next();; next = co_await heard->next()) {
      if (next.channel == "other") continue;
      CHECK(next.publication == publication(2, "d"));
      break;
    }
    broker_publish_options volatile_once{.key = "k"};
    co_await succeeds(one.publish("third", "a", volatile_once));
    const auto again = co_await one.publish("third", "a", volatile_once);
    REQUIRE(again.has_value());
    CHECK_FALSE(again->has_value());
  });
}

TEST_CASE("a broker forgets a key after its time") {
  on_each_broker([](broker& one) -> task<void> {
    broker_publish_options once = three;
    once.key = "k";
    once.key_time = 30ms;
    const auto first = co_await published(one, "news", "a", once);
    const auto give_up = std::chrono::steady_clock::now() + 20s;
    for (auto last = first; last == first; last = co_await published(one, "news", "a", once))
      REQUIRE(std::chrono::steady_clock::now() < give_up);
    const auto last = (co_await history_of(one, "news")).last.offset;
    CHECK(last == 2);
  });
}

TEST_CASE("a broker forgets a history after its time") {
  on_each_broker([](broker& one) -> task<void> {
    co_await succeeds(one.subscribe("news"));
    broker_publish_options soon = three;
    soon.history_time = 30ms;
    const auto position = co_await published(one, "news", "a", soon);
    const auto give_up = std::chrono::steady_clock::now() + 20s;
    for (bool gone = false; !gone;) {
      const auto all = co_await history_of(one, "news");
      gone = all.publications.empty();
      REQUIRE(std::chrono::steady_clock::now() < give_up);
    }
    const auto after = co_await history_of(one, "news");
    CHECK(after.oldest == 0);
    CHECK(after.last == position);
  });
}

TEST_CASE("a broker keeps presence until it is removed") {
  on_each_broker([](broker& one) -> task<void> {
    co_await expect_nobody(present(one, "room"));
    co_await succeeds(one.add_presence("room", "b", "Bob", 60s));
    co_await succeeds(one.add_presence("room", "a", "Ann", 60s));
    co_await succeeds(one.add_presence("other", "c", "Cid", std::chrono::milliseconds::max()));
    const auto both = co_await present(one, "room");
    CHECK(both == list(member("a", "Ann"), member("b", "Bob")));
    co_await succeeds(one.add_presence("room", "a", "Anna", 60s));
    const auto renewed = co_await present(one, "room");
    CHECK(renewed == list(member("a", "Anna"), member("b", "Bob")));
    co_await succeeds(one.remove_presence("room", "a"));
    co_await succeeds(one.remove_presence("room", "nobody"));
    const auto rest = co_await present(one, "room");
    CHECK(rest == list(member("b", "Bob")));
    const auto others = co_await present(one, "other");
    CHECK(others == list(member("c", "Cid")));
  });
}

TEST_CASE("a broker forgets presence after its time, unless it is renewed") {
  on_each_broker([](broker& one) -> task<void> {
    co_await succeeds(one.add_presence("room", "stays", "1", 30ms));
    co_await succeeds(one.add_presence("room", "stays", "1", 60s));
    co_await succeeds(one.add_presence("room", "goes", "2", 30ms));
    const auto give_up = std::chrono::steady_clock::now() + 20s;
    const auto rest = list(member("stays", "1"));
    for (auto now = co_await present(one, "room"); now != rest; now = co_await present(one, "room"))
      REQUIRE(std::chrono::steady_clock::now() < give_up);
    co_await succeeds(one.add_presence("empty", "goes", "2", 30ms));
    const auto nobody = members();
    for (auto now = co_await present(one, "empty"); now != nobody; now = co_await present(one, "empty"))
      REQUIRE(std::chrono::steady_clock::now() < give_up);
  });
}

TEST_CASE("a broker that removes a channel forgets its history and presence, and begins a new epoch") {
  on_each_broker([](broker& one) -> task<void> {
    co_await succeeds(one.subscribe("news"));
    const auto before = co_await published(one, "news", "a");
    co_await succeeds(one.add_presence("news", "a", "Ann", 60s));
    co_await succeeds(one.remove("news"));
    co_await succeeds(one.remove("unknown"));
    co_await expect_nobody(present(one, "news"));
    const auto after = co_await history_of(one, "news");
    CHECK(after.publications.empty());
    CHECK(after.last.offset == 0);
    CHECK(after.last.epoch != before.epoch);
    const auto anew = co_await published(one, "news", "b");
    CHECK(anew.offset == 1);
  });
}

TEST_CASE("a broker delivers publications in the order of their offsets") {
  on_each_broker([](broker& one) -> task<void> {
    const auto heard = listen(one);
    co_await succeeds(one.subscribe("news"));
    for (int i = 0; i < 500; ++i)
      twinsocket::spawn(
          [&one, i]() -> task<void> { static_cast<void>(co_await published(one, "news", std::to_string(i))); });
    for (std::uint64_t i = 1; i <= 500; ++i) {
      const delivered next = co_await heard->next();
      REQUIRE(next.channel == "news");
      REQUIRE(next.publication.offset == i);
      REQUIRE(next.publication.bytes == std::to_string(i - 1));
    }
  });
}

TEST_CASE("a broker takes any bytes as names and contents") {
  on_each_broker([](broker& one) -> task<void> {
    const auto heard = listen(one);
    const std::string bytes("\0\r\n$3\r\n\xff:{}*", 13);
    for (const std::string& channel : {std::string("a}:b"), std::string("}"), std::string("{x} \r\n"), std::string()}) {
      co_await succeeds(one.subscribe(channel));
      broker_publish_options once = three;
      once.key = bytes;
      const auto long_one = co_await published(one, channel, bytes, once);
      CHECK(long_one.offset == 1);
      const auto empty_one = co_await published(one, channel, "", three);
      CHECK(empty_one.offset == 2);
      const delivered first{channel, {1, bytes}, long_one.epoch};
      const delivered second{channel, {2, ""}, long_one.epoch};
      const auto delivered_first = co_await heard->next();
      CHECK(delivered_first == first);
      const auto delivered_second = co_await heard->next();
      CHECK(delivered_second == second);
      const auto all = co_await history_of(one, channel);
      CHECK(all.publications == list(publication(1, bytes), publication(2, "")));
      co_await succeeds(one.add_presence(channel, bytes, bytes, 60s));
      const auto here = co_await present(one, channel);
      CHECK(here == list(member(bytes, bytes)));
    }
  });
}

TEST_CASE("a broker accepts the largest and the smallest times and sizes") {
  on_each_broker([](broker& one) -> task<void> {
    const broker_publish_options most{.history_size = ~std::size_t{0},
                                      .history_time = std::chrono::milliseconds::max(),
                                      .key = "k",
                                      .key_time = std::chrono::milliseconds::max()};
    const auto kept_long = co_await published(one, "news", "a", most);
    CHECK(kept_long.offset == 1);
    const auto count = (co_await history_of(one, "news", 0, ~std::size_t{0})).publications.size();
    CHECK(count == 1);
    const broker_publish_options least{.history_size = 1,
                                       .history_time = std::chrono::milliseconds::min(),
                                       .key = "l",
                                       .key_time = std::chrono::milliseconds(0)};
    const auto kept_briefly = co_await published(one, "brief", "a", least);
    CHECK(kept_briefly.offset == 1);
    co_await succeeds(one.add_presence("news", "a", "", std::chrono::milliseconds::min()));
  });
}
