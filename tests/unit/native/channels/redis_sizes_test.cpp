// The memory that channels take in Redis, as native/README.md says it (Capacity of channels).

#include <cstdio>

#include "test.hpp"
#include "redis_server.hpp"
#include "twinsocket/native/run.hpp"

using namespace std::chrono_literals;
using twinsocket::broker;
using twinsocket::task;

namespace {

/// Bytes of Redis's data; 0 if it does not say.
double used_memory(const redis_server& server) {
  const std::string text = server.command({"INFO", "memory"});
  const std::string name = "\nused_memory_dataset:";
  const auto at = text.find(name);
  return at == std::string::npos ? 0 : std::stod(text.substr(at + name.size()));
}

task<void> publish_many(broker& to, std::size_t count) {
  twinsocket::broker_publish_options keep;
  keep.history_size = count;
  const std::string bytes(100, 'x');
  for (std::size_t i = 0; i < count; ++i) {
    const auto made = co_await to.publish("chat:room", bytes, keep);
    REQUIRE(made.has_value());
  }
}

task<void> add_members(broker& to, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto made =
        co_await to.add_presence("chat:room", "client-of-20-bytes-" + std::to_string(i), std::string(60, 'x'), 60s);
    REQUIRE(made.has_value());
  }
}

}  // namespace

TEST_CASE("in Redis a publication of 100 bytes takes at most 200 bytes, and a member 400") {
  if (!has_redis()) return;
  constexpr std::size_t count = 5'000;
  const redis_server server;
  const auto made = twinsocket::redis_broker("redis://localhost", server.quick());
  REQUIRE(made.has_value());
  twinsocket::native::run([&]() -> task<void> {
    co_await publish_many(**made, 1);
    const double empty = used_memory(server);
    co_await publish_many(**made, count);
    const double published = used_memory(server);
    co_await add_members(**made, count);
    const double publication = (published - empty) / count;
    const double member = (used_memory(server) - published) / count;
    std::printf("in Redis: publication of 100 bytes: %.0f bytes, member: %.0f bytes\n", publication, member);
    CHECK(publication > 100);
    CHECK(publication <= 200);
    CHECK(member > 80);
    CHECK(member <= 400);
  });
}
