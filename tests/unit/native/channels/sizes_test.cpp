// The memory that channels hold, as native/README.md says it (Capacity of channels).

#include <malloc.h>

#include <cstdio>

#include "channels/memory_store.hpp"
#include "channels/protocol_client.hpp"
#include "server/running_server.hpp"
#include "twinsocket/native/channels.hpp"

using namespace channel_test;
using twinsocket::channel_options;
using twinsocket::channels;
using twinsocket::channels_options;
using twinsocket::native::run;

namespace {

/// Bytes of all blocks in use. glibc counts the blocks that a thread keeps for its next allocations as used.
std::size_t heap_bytes() { return mallinfo2().uordblks + mallinfo2().hblkhd; }

task<std::vector<protocol_client>> open_clients(std::uint16_t port, int count) {
  std::vector<protocol_client> all;
  for (int i = 0; i < count; ++i) all.push_back(co_await protocol_client::open(port));
  co_return all;
}

}  // namespace

namespace {

/// Bytes for each subscription, of 50 connections with 100 each. `name` is given the numbers of both.
double bytes_of_subscription(std::string (*name)(int, int)) {
  constexpr int connections = 50;
  constexpr int of_each = 100;
  channels all(twinsocket::memory_broker(), channels_options().max_subscriptions(of_each + 1));
  running_server server([&](twinsocket::server& on) {
    REQUIRE(all.add("room").has_value());
    all.serve(on, "/channels");
  });
  double each = 0;
  run([&]() -> task<void> {
    auto clients = co_await open_clients(server.port(), connections);
    // What the first subscription of a connection needs only once is not counted.
    for (auto& one : clients) static_cast<void>(expect<protocol::subscribe_response>(co_await one.subscribe("room:0")));
    const std::size_t before = heap_bytes();
    for (int i = 0; i < connections; ++i) {
      for (int j = 0; j < of_each; ++j) {
        const auto value = co_await clients[static_cast<std::size_t>(i)].subscribe(name(i, j));
        REQUIRE(value.has_value());
        REQUIRE(std::holds_alternative<protocol::subscribe_response>(*value));
      }
    }
    each = static_cast<double>(heap_bytes() - before) / (connections * of_each);
    for (auto& one : clients) co_await one.socket().close();
  });
  return each;
}

}  // namespace

TEST_CASE("an idle subscription takes at most 300 bytes, and the first one of a channel 1,900") {
  const double shared =
      bytes_of_subscription([](int, int channel) { return "room:" + std::to_string(10'000 + channel); });
  const double own = bytes_of_subscription(
      [](int client, int channel) { return "room:" + std::to_string(10'000 + 100 * client + channel); });
  std::printf("subscription: %.0f bytes, with a channel of its own: %.0f bytes\n", shared, own);
  CHECK(shared > 0);
  CHECK(shared <= 300);
  CHECK(own <= 1'900);
}

TEST_CASE("a publication of 100 bytes that is kept takes at most 180 bytes, and a member 300") {
  using namespace std::chrono_literals;
  constexpr std::size_t count = 10'000;
  twinsocket::detail::memory_store store({}, "run");
  const auto now = twinsocket::detail::time_point() + 1h;

  twinsocket::broker_publish_options keep;
  keep.history_size = count;
  std::size_t before = heap_bytes();
  for (std::size_t i = 0; i < count; ++i) static_cast<void>(store.publish("room", std::string(100, 'x'), keep, now));
  const double publication = static_cast<double>(heap_bytes() - before) / count;

  before = heap_bytes();
  for (std::size_t i = 0; i < count; ++i)
    REQUIRE(
        store.add_presence("room", "client-of-20-bytes-" + std::to_string(i), std::string(60, 'x'), now + 60s, now));
  const double member = static_cast<double>(heap_bytes() - before) / count;

  std::printf("publication of 100 bytes: %.0f bytes\nmember: %.0f bytes\n", publication, member);
  CHECK(publication > 100);
  CHECK(publication <= 180);
  CHECK(member > 60);
  CHECK(member <= 300);
}
