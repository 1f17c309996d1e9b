// Two servers that share their channels through Redis, or through a Redis Cluster.

#include "channels/protocol_client.hpp"
#include "redis_cluster.hpp"
#include "redis_server.hpp"
#include "server/running_server.hpp"
#include "twinsocket/native/channels.hpp"
#include "twinsocket/native/redis_broker.hpp"

using namespace channel_test;
using namespace std::chrono_literals;
using twinsocket::channel_options;
using twinsocket::channels;
using twinsocket::native::run;

namespace {

std::shared_ptr<twinsocket::broker> open_broker(bool in_cluster) {
  auto options = in_cluster ? shared_cluster()->quick() : shared_redis()->quick();
  options.key_prefix = "channels:";
  auto made = twinsocket::redis_broker(in_cluster ? shared_cluster()->url() : "redis://localhost", options);
  REQUIRE(made.has_value());
  return std::move(*made);
}

struct fixture {
  explicit fixture(bool in_cluster)
      : all(open_broker(in_cluster)),
        server(
            [this](twinsocket::server& on) {
              REQUIRE(all.add("chat", channel_options().history(3).presence(true).client_publish(true)).has_value());
              all.serve(on, "/channels");
              all.serve(on, "/rooms/{room}", twinsocket::plain_channel([](const twinsocket::request& req) {
                          return "chat:" + std::string(req.parameter("room"));
                        }));
            },
            options()) {}

  twinsocket::server_options options() {
    twinsocket::server_options out;
    out.log = [this](const twinsocket::log_entry& entry) { aborted = aborted || entry.event == "connections aborted"; };
    return out;
  }

  std::atomic<bool> aborted{false};
  channels all;
  running_server server;
};

void cut_subscriptions(bool in_cluster) {
  const std::vector<std::string> cut{"CLIENT", "KILL", "TYPE", "pubsub"};
  const auto count = [&] {
    if (!in_cluster) return std::stoi(shared_redis()->command(cut));
    int all = 0;
    for (std::size_t i = 0; i < shared_cluster()->size(); ++i) all += std::stoi(shared_cluster()->command(i, cut));
    return all;
  }();
  CHECK(count > 0);
}

}  // namespace

TEST_CASE("clients of two servers share a channel, its history and its presence through Redis") {
  const bool in_cluster = GENERATE(false, true);
  if (in_cluster ? !shared_cluster() : !shared_redis()) return;
  fixture first(in_cluster);
  fixture second(in_cluster);
  run([&]() -> task<void> {
    auto one = co_await protocol_client::open(first.server.port());
    auto other = co_await protocol_client::open(second.server.port(), true);
    static_cast<void>(expect<protocol::subscribe_response>(co_await one.subscribe("chat:lobby")));
    static_cast<void>(expect<protocol::subscribe_response>(co_await other.subscribe("chat:lobby")));
    const auto sent = expect<protocol::publish_response>(co_await one.publish("chat:lobby", "hello"));
    REQUIRE(sent.position);
    CHECK(sent.position->offset == 1);
    co_await one.hears("hello");
    co_await other.hears("hello");
    static_cast<void>(expect<protocol::publish_response>(co_await other.publish("chat:lobby", "again")));
    co_await one.hears("again");
    co_await other.hears("again");

    auto late = co_await protocol_client::open(second.server.port());
    const auto recovered = expect<protocol::subscribe_response>(co_await late.subscribe("chat:lobby", sent.position));
    CHECK(recovered.recovery == protocol::recovery::complete);
    REQUIRE(recovered.publications.size() == 1);
    CHECK(recovered.publications[0].text == "again");

    const protocol::request who = protocol::presence_request{"chat:lobby"};
    const auto members = expect<protocol::presence_response>(co_await other.ask(who)).members;
    CHECK(members.size() == 3);
  });
  first.server.stop();
  first.server.wait();
  // The broker's connections do not keep the server running until its shutdown timeout.
  CHECK_FALSE(first.aborted);
  // The clients of a server that stops are removed from the presence.
  run([&]() -> task<void> {
    auto other = co_await protocol_client::open(second.server.port());
    static_cast<void>(expect<protocol::subscribe_response>(co_await other.subscribe("chat:lobby")));
    const protocol::request who = protocol::presence_request{"chat:lobby"};
    const auto give_up = std::chrono::steady_clock::now() + 20s;
    for (std::size_t count = 0; count != 1;) {
      const auto members = expect<protocol::presence_response>(co_await other.ask(who)).members;
      count = members.size();
      REQUIRE(std::chrono::steady_clock::now() < give_up);
    }
  });
}

TEST_CASE("a plain connection receives what its server missed while the subscription of the broker was lost") {
  const bool in_cluster = GENERATE(false, true);
  if (in_cluster ? !shared_cluster() : !shared_redis()) return;
  fixture first(in_cluster);
  fixture second(in_cluster);
  run([&]() -> task<void> {
    auto plain = co_await twinsocket::connect("ws://127.0.0.1:" + std::to_string(first.server.port()) + "/rooms/cut");
    REQUIRE(plain.has_value());
    auto other = co_await protocol_client::open(second.server.port());
    static_cast<void>(expect<protocol::subscribe_response>(co_await other.subscribe("chat:cut")));
    for (int i = 1; i <= 30; ++i) {
      if (i % 3 == 0) cut_subscriptions(in_cluster);
      const std::string text = std::to_string(i);
      static_cast<void>(expect<protocol::publish_response>(co_await other.publish("chat:cut", text)));
      const auto received = co_await plain->receive(twinsocket::receive_options().timeout(20s));
      REQUIRE(received.has_value());
      CHECK(received->text() == text);
    }
  });
}
