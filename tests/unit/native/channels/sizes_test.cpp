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

std::string channel_name(int i) { return "room:" + std::to_string(10'000 + i); }

task<std::vector<protocol_client>> open_clients(std::uint16_t port, int count) {
  std::vector<protocol_client> all;
  for (int i = 0; i < count; ++i) all.push_back(co_await protocol_client::open(port));
  co_return all;
}

}  // namespace

TEST_CASE("an idle subscription takes at most 300 bytes") {
  constexpr int connections = 50;
  constexpr int channels_of_each = 100;
  channels all(twinsocket::memory_broker(), channels_options().max_subscriptions(channels_of_each + 1));
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
    for (auto& one : clients) {
      for (int i = 0; i < channels_of_each; ++i) {
        const auto value = co_await one.subscribe(channel_name(i));
        REQUIRE(value.has_value());
        REQUIRE(std::holds_alternative<protocol::subscribe_response>(*value));
      }
    }
    each = static_cast<double>(heap_bytes() - before) / (connections * channels_of_each);
    for (auto& one : clients) co_await one.socket().close();
  });
  std::printf("subscription: %.0f bytes\n", each);
  CHECK(each > 0);
  CHECK(each <= 300);
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
