// The client of channels against a real server.

#include "twinsocket/channel_client.hpp"

#include <sstream>

#include "test.hpp"
#include "server/running_server.hpp"
#include "twinsocket/native/channels.hpp"
#include "twinsocket/native/run.hpp"
#include "twinsocket/task_group.hpp"
#include "twinsocket/with_timeout.hpp"

using namespace std::chrono_literals;
using namespace twinsocket;
namespace protocol = twinsocket::channel_protocol;

namespace {

/// A server with the namespace "chat", which keeps three publications, and "live", which keeps none.
struct fixture {
  explicit fixture(channels_options options = {})
      : all(memory_broker(), std::move(options)), server([this](twinsocket::server& on) {
          const auto chat = channel_options().history(3).presence(true).announce_members(true).client_publish(true);
          REQUIRE(all.add("chat", chat).has_value());
          REQUIRE(all.add("live").has_value());
          all.serve(on, "/channels");
        }) {}

  [[nodiscard]] channel_client client(channel_client_options options = {}) {
    reconnect_options quick;
    quick.policy(reconnect_policy().initial_delay(1ms).max_delay(10ms));
    return channel_client("ws://127.0.0.1:" + std::to_string(server.port()) + "/channels",
                          options.reconnect(std::move(quick)));
  }
  /// Ends all connections without a closing handshake.
  void cut() {
    server.get().for_each_connection([](connection& socket) { socket.abort(); });
  }
  /// Publishes each word.
  task<void> publish(std::string channel, std::string words) {
    std::istringstream source(std::move(words));
    for (std::string text; source >> text;) {
      const auto sent = co_await all.publish(channel, text);
      REQUIRE(sent.has_value());
    }
  }

  channels all;
  running_server server;
};

/// The next events as texts: those of publications, "gap: trimmed", "joined", "left", or the error.
task<std::vector<std::string>> take(channel_subscription& from, std::size_t count) {
  std::vector<std::string> out;
  while (out.size() < count) {
    const auto event = co_await with_timeout(from.next(), 10s);
    if (!event) {
      out.push_back(event.error().message());
      break;
    }
    if (const auto* const one = std::get_if<protocol::publication>(&*event)) out.push_back(one->text.value_or("?"));
    if (std::get_if<protocol::joined>(&*event)) out.emplace_back("joined");
    if (std::get_if<protocol::left>(&*event)) out.emplace_back("left");
    if (const auto* const one = std::get_if<channel_gap>(&*event)) {
      constexpr const char* names[] = {"gap: no history", "gap: epoch changed", "gap: trimmed"};
      out.emplace_back(names[static_cast<std::size_t>(one->why)]);
    }
  }
  co_return out;
}

using texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a client of channels publishes, and receives what is published", "[client]") {
  fixture f;
  const bool use_cbor = GENERATE(false, true);
  run([&]() -> task<void> {
    channel_client client = f.client(channel_client_options().codec(use_cbor ? any_codec(cbor) : any_codec(json)));
    channel_subscription room = client.subscribe("chat:tea");
    const auto first = co_await take(room, 1);
    CHECK(first == texts{"joined"});
    const auto sent = co_await client.publish("chat:tea", "hello");
    REQUIRE(sent.has_value());
    REQUIRE(sent->has_value());
    CHECK((*sent)->offset == 1);
    const auto second = co_await take(room, 1);
    CHECK(second == texts{"hello"});
    CHECK(room.position() == **sent);
    const auto members = co_await client.presence("chat:tea");
    REQUIRE(members.has_value());
    REQUIRE(members->size() == 1);
    CHECK(members->front().client == client.identity()->client);
    const auto kept = co_await client.history("chat:tea");
    REQUIRE(kept.has_value());
    CHECK(kept->publications.size() == 1);
  });
}

TEST_CASE("a client publishes once with the same key", "[client]") {
  fixture f;
  run([&]() -> task<void> {
    channel_client client = f.client();
    channel_subscription room = client.subscribe("chat:tea");
    const auto first = co_await client.publish("chat:tea", "hello", "key");
    const auto again = co_await client.publish("chat:tea", "hello", "key");
    const auto other = co_await client.publish("chat:tea", "bye", "another");
    REQUIRE((first && again && other));
    CHECK(*first == *again);
    CHECK(*first != *other);
    const auto got = co_await take(room, 3);
    CHECK(got == texts{"joined", "hello", "bye"});
  });
}

namespace {

struct news {
  std::string title;
  int stars = 0;
};
BOOST_DESCRIBE_STRUCT(news, (), (title, stars))

}  // namespace

TEST_CASE("a typed subscription decodes what is published, and goes on after what is something else", "[client]") {
  fixture f;
  run([&]() -> task<void> {
    channel_client client = f.client();
    auto room = client.subscribe<news>("chat:tea", json);
    const auto joined = co_await room.next();
    REQUIRE(joined.has_value());
    CHECK(std::holds_alternative<protocol::joined>(*joined));
    const news first{"rain", 5};
    const auto sent = co_await client.publish("chat:tea", json, first);
    REQUIRE(sent.has_value());
    co_await f.publish("chat:tea", "nonsense");
    const auto received = co_await room.next();
    REQUIRE(received.has_value());
    const auto& one = std::get<typed_publication<news>>(*received);
    CHECK(one.value.title == "rain");
    CHECK(one.value.stars == 5);
    CHECK(one.offset == 1);
    REQUIRE(one.publisher.has_value());
    CHECK(one.publisher->client == client.identity()->client);
    const auto wrong = co_await room.next();
    CHECK(wrong.error() == errc::malformed);
    const auto more = co_await f.all.publish("chat:tea", json, first);
    REQUIRE(more.has_value());
    const auto after = co_await room.next();
    REQUIRE(after.has_value());
    CHECK(std::get<typed_publication<news>>(*after).offset == 3);
    CHECK(room.position()->offset == 3);
  });
}

TEST_CASE("a subscription survives a lost connection, and each publication arrives once", "[client]") {
  fixture f;
  run([&]() -> task<void> {
    channel_client client = f.client();
    channel_subscription room = client.subscribe("chat:tea");
    static_cast<void>(co_await take(room, 1));
    for (int i = 0; i < 20; ++i) {
      const std::string number = std::to_string(i);
      if (i % 2 == 0) f.cut();
      co_await f.publish("chat:tea", number + "a " + number + "b");
      texts heard;
      while (heard.size() < 2) {
        const auto one = co_await take(room, 1);
        if (one.front() != "joined" && one.front() != "left") heard.push_back(one.front());
      }
      CHECK(heard == texts{number + "a", number + "b"});
    }
  });
}

TEST_CASE("what the server no longer keeps is told as a gap", "[client]") {
  fixture f;
  run([&]() -> task<void> {
    channel_client client = f.client();
    channel_subscription live = client.subscribe("live:x");
    co_await f.publish("chat:tea", "1 2 3 4 5");
    channel_subscription room = client.subscribe("chat:tea", protocol::position{1, "another"});
    const auto lost = co_await take(room, 4);
    CHECK(lost == texts{"gap: epoch changed", "3", "4", "5"});
    const auto since = room.position();
    REQUIRE(since.has_value());
    { const channel_subscription ended = std::move(room); }
    co_await f.publish("chat:tea", "6 7 8 9");
    room = client.subscribe("chat:tea", since);
    const auto trimmed = co_await take(room, 5);
    CHECK(trimmed == texts{"gap: trimmed", "7", "8", "9", "joined"});
    f.cut();
    const auto nothing_kept = co_await take(live, 1);
    CHECK(nothing_kept == texts{"gap: no history"});
  });
}

TEST_CASE("a subscription that is read too slowly fetches the rest from the history", "[client]") {
  fixture f;
  run([&]() -> task<void> {
    channel_client client = f.client(channel_client_options().queue(2));
    channel_subscription room = client.subscribe("chat:tea");
    static_cast<void>(co_await take(room, 1));
    co_await f.publish("chat:tea", "1 2 3");
    // The answer comes after the publications, which do not fit into the queue.
    const auto after = co_await client.history("chat:tea");
    REQUIRE(after.has_value());
    const auto all = co_await take(room, 3);
    CHECK(all == texts{"1", "2", "3"});
  });
}

TEST_CASE("a subscription that the server refuses ends with the reason", "[client]") {
  fixture f;
  run([&]() -> task<void> {
    channel_client client = f.client();
    channel_subscription nowhere = client.subscribe("other:x");
    const auto refused = co_await nowhere.next();
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error() == errc::invalid_argument);
    CHECK(refused.error().detail() == "there is no channel \"other:x\"");
    channel_subscription one = client.subscribe("live:x");
    channel_subscription again = client.subscribe("live:x");
    const auto twice = co_await again.next();
    CHECK(twice.error() == errc::invalid_argument);
    const auto forbidden = co_await client.publish("live:x", "hello");
    CHECK(forbidden.error() == errc::cancelled);
  });
}

TEST_CASE("a token that is refused ends the client for good", "[client]") {
  fixture f(channels_options().on_connect([](const request&, std::string token) -> task<result<channel_user>> {
    if (token != "good") co_return error(errc::cancelled, "the token is not known");
    co_return channel_user{.user = "ada"};
  }));
  run([&]() -> task<void> {
    std::string token = "good";
    const auto with_token = [&] {
      return channel_client_options().token([&]() -> task<result<std::string>> { co_return token; });
    };
    channel_client ada = f.client(with_token());
    channel_subscription room = ada.subscribe("chat:tea");
    static_cast<void>(co_await take(room, 1));
    CHECK(ada.identity()->user == "ada");
    token = "bad";
    channel_client bob = f.client(with_token());
    channel_subscription other = bob.subscribe("chat:tea");
    const auto refused = co_await other.next();
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().message().find("the token is not known") != std::string::npos);
    CHECK(bob.status().failures <= 1);
    const auto unsent = co_await bob.publish("chat:tea", "hello");
    CHECK_FALSE(unsent.has_value());
  });
}

TEST_CASE("requests wait for a connection, within their limits", "[client]") {
  run([]() -> task<void> {
    reconnect_options never;
    never.policy(reconnect_policy().initial_delay(1h));
    channel_client client("ws://127.0.0.1:1/channels",
                          channel_client_options().reconnect(std::move(never)).max_requests(1).request_timeout(20ms));
    auto first = client.publish("chat:tea", "hello");
    task_group group;
    bool late = false;
    group.spawn([](task<result<std::optional<protocol::position>>> waiting, bool* out) -> task<void> {
      const auto sent = co_await std::move(waiting);
      *out = sent.error() == errc::timed_out;
    }(std::move(first), &late));
    const auto second = co_await client.publish("chat:tea", "hello");
    CHECK(second.error() == errc::queue_full);
    co_await group.join();
    CHECK(late);
    client.close();
    const auto third = co_await client.publish("chat:tea", "hello");
    CHECK(third.error() == errc::closed);
    channel_subscription none = client.subscribe("chat:tea");
    const auto event = co_await none.next();
    CHECK(event.error() == errc::closed);
  });
}

TEST_CASE("retry_now() ends the delay", "[client]") {
  fixture f;
  run([&]() -> task<void> {
    bool failed = false;
    reconnect_options slow;
    slow.policy(reconnect_policy().initial_delay(1h).max_delay(1h));
    const auto fail_once = [&]() -> task<result<std::string>> {
      if (!std::exchange(failed, true)) co_return error(errc::timed_out);
      co_return std::string();
    };
    channel_client client("ws://127.0.0.1:" + std::to_string(f.server.port()) + "/channels",
                          channel_client_options().token(fail_once).reconnect(std::move(slow)));
    while (client.status().phase != reconnect_phase::waiting) co_await sleep_for(1ms);
    client.retry_now();
    const auto sent = co_await f.all.publish("chat:tea", "hello");
    channel_subscription room = client.subscribe("chat:tea", protocol::position{0, (*sent)->epoch});
    const auto heard = co_await take(room, 1);
    CHECK(heard == texts{"hello"});
  });
}

TEST_CASE("a subscription that is made while a connection is prepared is sent on it", "[client]") {
  fixture f;
  run([&]() -> task<void> {
    std::optional<channel_client> client;
    std::optional<channel_subscription> second;
    // Called on every connection, before the client sends anything.
    const auto subscribe_again = [&]() -> task<result<std::string>> {
      if (client && !second) second.emplace(client->subscribe("live:x"));
      co_return std::string();
    };
    client.emplace(f.client(channel_client_options().token(subscribe_again)));
    channel_subscription first = client->subscribe("chat:tea");
    // The server answers in order, so it has both subscriptions then.
    static_cast<void>(co_await take(first, 1));
    static_cast<void>(co_await client->presence("chat:tea"));
    co_await f.publish("live:x", "hello");
    const auto heard = co_await take(*second, 1);
    CHECK(heard == texts{"hello"});
  });
}

TEST_CASE("a client and its subscriptions may be destroyed in any order, also while they wait", "[client]") {
  fixture f;
  run([&]() -> task<void> {
    std::optional<channel_client> client(f.client());
    std::optional<channel_subscription> room(client->subscribe("chat:tea"));
    static_cast<void>(co_await take(*room, 1));
    const auto nothing = co_await with_timeout(room->next(), 1ms);
    CHECK(nothing.error() == errc::timed_out);
    client.reset();
    const auto ended = co_await room->next();
    CHECK(ended.error() == errc::closed);
    room.reset();
    client.emplace(f.client());
    room.emplace(client->subscribe("chat:tea"));
    static_cast<void>(co_await take(*room, 1));
    room.reset();
    client.reset();
    channel_client other = f.client();
    channel_subscription unread = other.subscribe("chat:tea");
    const channel_client moved = std::move(other);
  });
}
