// Channels on a server, message by message.

#include "twinsocket/native/channels.hpp"

#include "channels/protocol_client.hpp"
#include "server/running_server.hpp"
#include "twinsocket/async_event.hpp"
#include "twinsocket/task_group.hpp"

using namespace channel_test;
using namespace std::chrono_literals;
using twinsocket::channel_options;
using twinsocket::channel_user;
using twinsocket::channels;
using twinsocket::channels_options;
using twinsocket::errc;
using twinsocket::error;
using twinsocket::message;
using twinsocket::native::run;

namespace {

/// A server with the namespaces "chat", with everything on, and "news", on which only the server publishes.
struct fixture {
  explicit fixture(channels_options options = {})
      : all(twinsocket::memory_broker(), std::move(options)), server([this](twinsocket::server& on) {
          REQUIRE(all.add("chat", channel_options()
                                      .history(3)
                                      .presence(true)
                                      .announce_members(true)
                                      .client_publish(true)
                                      .max_publication_bytes(10))
                      .has_value());
          REQUIRE(all.add("news").has_value());
          all.serve(on, "/channels");
        }) {}

  channels all;
  running_server server;
};

}  // namespace

TEST_CASE("a publication reaches all subscribers, in the format of each") {
  fixture f;
  run([&]() -> task<void> {
    auto one = co_await protocol_client::open(f.server.port());
    auto other = co_await protocol_client::open(f.server.port(), true);
    static_cast<void>(expect<protocol::subscribe_response>(co_await one.subscribe("news:today")));
    static_cast<void>(expect<protocol::subscribe_response>(co_await other.subscribe("news:today")));
    CHECK(f.all.subscribers("news:today") == 2);
    const auto sent = co_await f.all.publish("news:today", "rain");
    REQUIRE(sent.has_value());
    CHECK_FALSE(sent->has_value());
    co_await one.hears("rain");
    co_await other.hears("rain");
  });
}

TEST_CASE("a client publishes with an acknowledgement, and is named as the publisher") {
  fixture f(
      channels_options().on_connect([](const twinsocket::request&, std::string token) -> task<result<channel_user>> {
        co_return channel_user{.user = token, .info = "green"};
      }));
  run([&]() -> task<void> {
    auto ada = co_await protocol_client::open(f.server.port(), false, "ada");
    const auto greeting = expect<protocol::connect_response>(ada.greeting());
    CHECK(greeting.user == "ada");
    CHECK_FALSE(greeting.client.empty());
    static_cast<void>(expect<protocol::subscribe_response>(co_await ada.subscribe("chat:tea")));
    const auto event = co_await ada.next_event();
    REQUIRE(event.has_value());
    REQUIRE(std::holds_alternative<protocol::joined>(*event));
    const auto made = expect<protocol::publish_response>(co_await ada.publish("chat:tea", "hello"));
    REQUIRE(made.position.has_value());
    CHECK(made.position->offset == 1);
    const auto heard = co_await ada.next_event();
    REQUIRE(heard.has_value());
    const auto& said = std::get<protocol::published>(*heard).publication;
    CHECK(said.text == "hello");
    CHECK(said.offset == 1);
    CHECK(said.publisher == protocol::member{greeting.client, "ada", "green"});
    CHECK(said.time > 1'700'000'000'000);
  });
}

TEST_CASE("a repeated publication with the same key has the same position and is delivered once") {
  fixture f;
  run([&]() -> task<void> {
    auto one = co_await protocol_client::open(f.server.port());
    static_cast<void>(co_await one.subscribe("chat:tea"));
    static_cast<void>(co_await one.next_event());
    for (int i = 0; i < 3; ++i) {
      const auto made = expect<protocol::publish_response>(co_await one.publish("chat:tea", "once", "k1"));
      CHECK(made.position->offset == 1);
    }
    static_cast<void>(co_await one.publish("chat:tea", "after"));
    co_await one.hears("once");
    co_await one.hears("after");
  });
}

TEST_CASE("who comes back gets what it missed, or is told that it cannot") {
  fixture f;
  run([&]() -> task<void> {
    std::optional<protocol::position> since;
    {
      auto one = co_await protocol_client::open(f.server.port());
      since = expect<protocol::subscribe_response>(co_await one.subscribe("chat:tea")).position;
      REQUIRE(since.has_value());
      CHECK(since->offset == 0);
      since = expect<protocol::publish_response>(co_await one.publish("chat:tea", "1")).position;
    }
    for (const char* text : {"2", "3"}) {
      const auto sent = co_await f.all.publish("chat:tea", text);
      REQUIRE(sent.has_value());
    }
    auto again = co_await protocol_client::open(f.server.port());
    const auto missed = expect<protocol::subscribe_response>(co_await again.subscribe("chat:tea", since));
    CHECK(missed.recovery == protocol::recovery::complete);
    REQUIRE(missed.publications.size() == 2);
    CHECK(missed.publications[0].text == "2");
    CHECK(missed.publications[1].offset == 3);
    CHECK(missed.position->offset == 3);
    // A second request for the same channel asks again for what was missed.
    const auto nothing = expect<protocol::subscribe_response>(co_await again.subscribe("chat:tea", missed.position));
    CHECK(nothing.recovery == protocol::recovery::complete);
    CHECK(nothing.publications.empty());

    for (const char* text : {"4", "5", "6"}) {
      const auto sent = co_await f.all.publish("chat:tea", text);
      REQUIRE(sent.has_value());
    }
    const auto late = expect<protocol::subscribe_response>(co_await again.subscribe("chat:tea", since));
    CHECK(late.recovery == protocol::recovery::trimmed);
    CHECK(late.publications.size() == 3);
    const protocol::position other{1, "another"};
    const auto lost = expect<protocol::subscribe_response>(co_await again.subscribe("chat:tea", other));
    CHECK(lost.recovery == protocol::recovery::epoch_changed);
    CHECK(lost.publications.size() == 3);
    const protocol::position ahead{100, since->epoch};
    const auto beyond = expect<protocol::subscribe_response>(co_await again.subscribe("chat:tea", ahead));
    CHECK(beyond.recovery == protocol::recovery::epoch_changed);
  });
}

TEST_CASE("history and presence are for subscribers") {
  fixture f;
  run([&]() -> task<void> {
    auto one = co_await protocol_client::open(f.server.port());
    protocol::request who = protocol::presence_request{"chat:tea"};
    protocol::request what = protocol::history_request{"chat:tea", {}, 2};
    co_await one.is_refused(who, protocol::failure_code::not_allowed);
    co_await one.is_refused(what, protocol::failure_code::not_allowed);
    static_cast<void>(co_await one.subscribe("chat:tea"));
    for (const char* text : {"1", "2", "3"}) static_cast<void>(co_await one.publish("chat:tea", text));
    const auto members = expect<protocol::presence_response>(co_await one.ask(who)).members;
    REQUIRE(members.size() == 1);
    CHECK(members[0].client == expect<protocol::connect_response>(one.greeting()).client);
    const auto kept = expect<protocol::history_response>(co_await one.ask(what));
    REQUIRE(kept.publications.size() == 2);
    CHECK(kept.publications[0].text == "1");
    CHECK(kept.position.offset == 3);
    static_cast<void>(co_await one.subscribe("news:today"));
    who = protocol::presence_request{"news:today"};
    co_await one.is_refused(who, protocol::failure_code::not_allowed);
  });
}

TEST_CASE("members are announced when they join and leave, also when their connection is lost") {
  fixture f;
  run([&]() -> task<void> {
    auto one = co_await protocol_client::open(f.server.port());
    static_cast<void>(co_await one.subscribe("chat:tea"));
    static_cast<void>(co_await one.next_event());
    std::string name;
    for (const bool aborts : {false, true}) {
      {
        auto other = co_await protocol_client::open(f.server.port());
        name = expect<protocol::connect_response>(other.greeting()).client;
        static_cast<void>(co_await other.subscribe("chat:tea"));
        const auto joined = co_await one.next_event();
        REQUIRE(joined.has_value());
        CHECK(std::get<protocol::joined>(*joined).member.client == name);
        if (aborts) {
          other.socket().abort();
        } else {
          protocol::request end = protocol::unsubscribe_request{"chat:tea"};
          const auto ended = expect<protocol::unsubscribe_response>(co_await other.ask(end));
          CHECK(ended.channel == "chat:tea");
        }
      }
      const auto left = co_await one.next_event();
      REQUIRE(left.has_value());
      CHECK(std::get<protocol::left>(*left).member.client == name);
    }
    CHECK(f.all.subscribers("chat:tea") == 1);
  });
}

TEST_CASE("requests that are not allowed are refused, and the connection stays open") {
  fixture f(channels_options().max_subscriptions(2).max_name_bytes(20).max_publications_per_second(3));
  run([&]() -> task<void> {
    auto one = co_await protocol_client::open(f.server.port());
    using code = protocol::failure_code;
    for (const char* name : {"", "other:x", "plain", "news:\x01", "news:a-name-that-is-too-long"})
      co_await one.is_refused(subscribing(name), code::unknown_channel);
    co_await one.is_refused(publishing("news:today", "x"), code::not_allowed);
    co_await one.is_refused(publishing("chat:tea", "x"), code::not_allowed);
    static_cast<void>(co_await one.subscribe("chat:tea"));
    static_cast<void>(co_await one.subscribe("news:today"));
    co_await one.is_refused(subscribing("news:third"), code::over_limit);
    co_await one.is_refused(publishing("chat:tea", "12345678901"), code::over_limit);
    protocol::request both = protocol::publish_request{"chat:tea", "text", std::vector<std::byte>(1), ""};
    co_await one.is_refused(both, code::bad_request);
    protocol::request neither = protocol::publish_request{"chat:tea", {}, {}, ""};
    co_await one.is_refused(neither, code::bad_request);
    protocol::request again = protocol::connect_request{};
    co_await one.is_refused(again, code::bad_request);
    for (int i = 0; i < 3; ++i)
      static_cast<void>(expect<protocol::publish_response>(co_await one.publish("chat:tea", "x")));
    co_await one.is_refused(publishing("chat:tea", "x"), code::too_fast);
    CHECK(one.socket().is_open());
  });
}

TEST_CASE("hooks decide who connects, subscribes, publishes and sees presence, and have a time limit") {
  channels all(twinsocket::memory_broker(),
               channels_options().hook_timeout(50ms).on_connect(
                   [](const twinsocket::request&, std::string token) -> task<result<channel_user>> {
                     if (token == "bad") co_return error(errc::cancelled, "the token is not known");
                     co_return channel_user{.user = token};
                   }));
  const auto only_ada = [name = std::string("ada")](const channel_user& who,
                                                    std::string_view channel) -> task<result<void>> {
    if (channel == "a:slow") co_await twinsocket::sleep_for(1h);
    if (who.user != name) co_return error(errc::cancelled, "for Ada only");
    co_return result<void>();
  };
  running_server server([&](twinsocket::server& on) {
    REQUIRE(all.add("a", channel_options().on_subscribe(only_ada)).has_value());
    REQUIRE(all.add("b", channel_options().presence(true).client_publish(true).on_presence(only_ada).on_publish(
                             [](const channel_user&, std::string_view, const message& what) -> task<result<void>> {
                               if (what.text() == "rude") co_return error(errc::cancelled, "be polite");
                               co_return result<void>();
                             }))
                .has_value());
    all.serve(on, "/channels");
  });
  run([&]() -> task<void> {
    using code = protocol::failure_code;
    auto bad = co_await protocol_client::open(server.port(), false, "bad");
    CHECK(std::get<protocol::failure>(bad.greeting()).reason == "the token is not known");
    const auto end = co_await bad.socket().closed();
    CHECK(end.code == twinsocket::close_code(3500));
    auto bob = co_await protocol_client::open(server.port(), false, "bob");
    const auto private_one = expect<protocol::failure>(co_await bob.subscribe("a:x"));
    CHECK(private_one.reason == "for Ada only");
    co_await bob.is_refused(subscribing("a:slow"), code::unavailable);
    static_cast<void>(expect<protocol::subscribe_response>(co_await bob.subscribe("b:x")));
    const auto rude = expect<protocol::failure>(co_await bob.publish("b:x", "rude"));
    CHECK(rude.reason == "be polite");
    static_cast<void>(expect<protocol::publish_response>(co_await bob.publish("b:x", "please")));
    protocol::request who = protocol::presence_request{"b:x"};
    co_await bob.is_refused(who, code::not_allowed);
    auto ada = co_await protocol_client::open(server.port(), false, "ada");
    static_cast<void>(expect<protocol::subscribe_response>(co_await ada.subscribe("a:x")));
  });
}

TEST_CASE("a key is its user's own, and not too long") {
  fixture f(
      channels_options().on_connect([](const twinsocket::request&, std::string token) -> task<result<channel_user>> {
        channel_user known;
        known.user = std::move(token);
        co_return known;
      }));
  run([&]() -> task<void> {
    std::int64_t offset = 0;
    // Together the name and the key are the same text for both users.
    for (const auto& [user, key] : {std::pair("a", "bc"), std::pair("ab", "c")}) {
      auto one = co_await protocol_client::open(f.server.port(), false, user);
      static_cast<void>(co_await one.subscribe("chat:tea"));
      const auto made = expect<protocol::publish_response>(co_await one.publish("chat:tea", "hello", key));
      CHECK(made.position->offset == ++offset);
      co_await one.is_refused(publishing("chat:tea", "hello", std::string(129, 'k')),
                              protocol::failure_code::over_limit);
    }
  });
}

TEST_CASE("a response of more publications than the send queue holds tells a part of them") {
  channels all;
  running_server server([&](twinsocket::server& on) {
    REQUIRE(all.add("", channel_options().history(10)).has_value());
    all.serve(on, "/channels", twinsocket::websocket_options().limits(twinsocket::limits().send_queue_bytes(2'000)));
  });
  run([&]() -> task<void> {
    for (int i = 0; i < 10; ++i) {
      const std::string text(400, static_cast<char>('0' + i));
      const auto sent = co_await all.publish("news", text);
      REQUIRE(sent.has_value());
    }
    auto one = co_await protocol_client::open(server.port());
    const auto first = expect<protocol::subscribe_response>(co_await one.subscribe("news"));
    const protocol::position since{0, first.position->epoch};
    const auto newest = expect<protocol::subscribe_response>(co_await one.subscribe("news", since));
    CHECK(newest.recovery == protocol::recovery::trimmed);
    REQUIRE_FALSE(newest.publications.empty());
    CHECK(newest.publications.back().offset == 10);
    protocol::request what = protocol::history_request{"news", {}, 0};
    const auto oldest = expect<protocol::history_response>(co_await one.ask(what));
    REQUIRE_FALSE(oldest.publications.empty());
    CHECK(oldest.publications.front().offset == 1);
    CHECK(oldest.publications.size() < 10);
  });
}

TEST_CASE("text that is not UTF-8 is refused, whoever it comes from") {
  channels all(twinsocket::memory_broker(),
               channels_options().on_connect([](const twinsocket::request&, std::string) -> task<result<channel_user>> {
                 channel_user known;
                 known.user = "\xff";
                 co_return known;
               }));
  running_server server([&](twinsocket::server& on) {
    REQUIRE(all.add("", channel_options().history(10)).has_value());
    all.serve(on, "/channels");
  });
  run([&]() -> task<void> {
    const auto text = co_await all.publish("news", "\xff");
    CHECK(text.error() == errc::invalid_utf8);
    const auto name = co_await all.publish("\xff", "news");
    CHECK(name.error() == errc::invalid_argument);
    auto one = co_await protocol_client::open(server.port());
    CHECK(std::get<protocol::failure>(one.greeting()).code == protocol::failure_code::unavailable);
  });
}

namespace {

/// A broker that cannot be reached while `fails` is set.
class lost_broker final : public twinsocket::broker {
 public:
  bool fails = true;
  bool hangs = false;

  void set_listener(std::weak_ptr<twinsocket::broker_listener> to) override { inner_->set_listener(std::move(to)); }
  task<result<std::optional<twinsocket::broker_position>>> publish(
      std::string channel, std::string bytes, twinsocket::broker_publish_options options) override {
    if (fails) co_return lost();
    co_return co_await inner_->publish(std::move(channel), std::move(bytes), std::move(options));
  }
  task<result<void>> subscribe(std::string channel) override {
    if (fails) co_return lost();
    co_return co_await inner_->subscribe(std::move(channel));
  }
  task<result<void>> unsubscribe(std::string channel) override { return inner_->unsubscribe(std::move(channel)); }
  task<result<twinsocket::broker_history>> history(std::string channel, std::uint64_t since,
                                                   std::size_t limit) override {
    return inner_->history(std::move(channel), since, limit);
  }
  task<result<void>> add_presence(std::string channel, std::string client, std::string bytes,
                                  std::chrono::milliseconds time) override {
    return inner_->add_presence(std::move(channel), std::move(client), std::move(bytes), time);
  }
  task<result<void>> remove_presence(std::string channel, std::string client) override {
    return inner_->remove_presence(std::move(channel), std::move(client));
  }
  task<result<std::vector<twinsocket::broker_member>>> presence(std::string channel) override {
    if (hangs) co_await never_.wait();
    co_return co_await inner_->presence(std::move(channel));
  }
  task<result<void>> remove(std::string channel) override { return inner_->remove(std::move(channel)); }
  twinsocket::broker_health health() const override { return {.ok = !fails, .detail = "10.0.0.7 refused"}; }

 private:
  static error lost() { return {errc::closed, "10.0.0.7 refused"}; }

  const std::shared_ptr<twinsocket::broker> inner_ = twinsocket::memory_broker();
  twinsocket::async_event never_;
};

}  // namespace

TEST_CASE("while the broker is lost requests fail, without its details, and work afterwards") {
  const auto where = std::make_shared<lost_broker>();
  channels all(where);
  running_server server([&](twinsocket::server& on) {
    REQUIRE(all.add("", channel_options().client_publish(true)).has_value());
    all.serve(on, "/channels");
  });
  CHECK_FALSE(all.health().ok);
  CHECK(server.get().metrics_text().find("twinsocket_broker_up 0\n") != std::string::npos);
  run([&]() -> task<void> {
    auto one = co_await protocol_client::open(server.port());
    const auto refused = expect<protocol::failure>(co_await one.subscribe("news"));
    CHECK(refused.code == protocol::failure_code::unavailable);
    CHECK(refused.reason == "the server cannot do this now");
    CHECK(all.subscribers("news") == 0);
    where->fails = false;
    static_cast<void>(expect<protocol::subscribe_response>(co_await one.subscribe("news")));
    where->fails = true;
    co_await one.is_refused(publishing("news", "hello"), protocol::failure_code::unavailable);
    where->fails = false;
    static_cast<void>(expect<protocol::publish_response>(co_await one.publish("news", "hello")));
    co_await one.hears("hello");
  });
}

TEST_CASE("subscribers on several threads receive the publications of all of them in the same order") {
  channels all(twinsocket::memory_broker(), channels_options().max_publications_per_second(1'000));
  constexpr int clients = 6, each = 40;
  running_server server(
      [&](twinsocket::server& on) {
        REQUIRE(all.add("", channel_options().history(1'000).client_publish(true)).has_value());
        all.serve(on, "/channels");
      },
      {.threads = 3});
  std::vector<std::vector<std::string>> heard(clients);
  run([&]() -> task<void> {
    std::vector<protocol_client> every;
    for (int i = 0; i < clients; ++i) {
      every.push_back(co_await protocol_client::open(server.port(), i % 2 == 1));
      static_cast<void>(co_await every.back().subscribe("news"));
    }
    twinsocket::task_group group;
    for (protocol_client& one : every)
      group.spawn([](protocol_client& from) -> task<void> {
        for (int i = 0; i < each; ++i) static_cast<void>(co_await from.publish("news", std::to_string(i)));
      }(one));
    co_await group.join();
    for (int i = 0; i < clients; ++i) {
      while (heard[static_cast<std::size_t>(i)].size() < clients * each) {
        const auto event = co_await every[static_cast<std::size_t>(i)].next_event();
        REQUIRE(event.has_value());
        const auto& one = std::get<protocol::published>(*event).publication;
        REQUIRE(one.offset == static_cast<std::int64_t>(heard[static_cast<std::size_t>(i)].size()) + 1);
        heard[static_cast<std::size_t>(i)].push_back(one.publisher->client + *one.text);
      }
    }
  });
  for (const auto& list : heard) CHECK(list == heard.front());
}

TEST_CASE("a broker is asked whether it works, with a time limit") {
  const auto where = std::make_shared<lost_broker>();
  where->fails = false;
  const channels all(where);
  run([&]() -> task<void> {
    const auto works = co_await all.check_health();
    CHECK(works.ok);
    where->hangs = true;
    const auto hangs = co_await all.check_health(1ms);
    CHECK_FALSE(hangs.ok);
    CHECK(hangs.detail.find("timed out") != std::string::npos);
  });
}

TEST_CASE("a hook that throws ends the connection with 1011, and its client leaves the channels") {
  channels all;
  running_server server([&](twinsocket::server& on) {
    const auto throws = [](const channel_user&, std::string_view, const message&) -> task<result<void>> {
      throw std::runtime_error("a bug");
      co_return result<void>();
    };
    REQUIRE(all.add("a", channel_options().client_publish(true).announce_members(true).on_publish(throws)).has_value());
    all.serve(on, "/channels");
  });
  run([&]() -> task<void> {
    auto witness = co_await protocol_client::open(server.port());
    static_cast<void>(co_await witness.subscribe("a:x"));
    static_cast<void>(co_await witness.next_event());
    auto one = co_await protocol_client::open(server.port());
    static_cast<void>(co_await one.subscribe("a:x"));
    static_cast<void>(co_await witness.next_event());
    const auto nothing = co_await one.publish("a:x", "hello");
    CHECK_FALSE(nothing.has_value());
    const auto end = co_await one.socket().closed();
    CHECK(end.code == twinsocket::close_code::internal_error);
    const auto left = co_await witness.next_event();
    REQUIRE(left.has_value());
    CHECK(std::holds_alternative<protocol::left>(*left));
    CHECK(all.subscribers("a:x") == 1);
  });
}

TEST_CASE("a request of more bytes than any publication may have is closed with 1009") {
  fixture f;
  run([&]() -> task<void> {
    auto one = co_await protocol_client::open(f.server.port());
    const std::string spaces(500 * 1024, ' ');
    co_await one.socket().send(spaces);
    const auto end = co_await one.socket().closed();
    CHECK(end.code == twinsocket::close_code::message_too_big);
  });
}

TEST_CASE("the server's metrics count subscriptions, publications, recoveries and refusals of channels") {
  fixture f;
  run([&]() -> task<void> {
    auto one = co_await protocol_client::open(f.server.port());
    static_cast<void>(co_await one.subscribe("chat:tea"));
    static_cast<void>(co_await one.publish("chat:tea", "1"));
    const auto sent = co_await f.all.publish("chat:tea", "2");
    REQUIRE(sent.has_value());
    const protocol::position unknown{0, "another"};
    static_cast<void>(co_await one.subscribe("chat:tea", unknown));
    co_await one.is_refused(subscribing("other:x"), protocol::failure_code::unknown_channel);
  });
  const std::string text = f.server.get().metrics_text();
  for (const char* line : {"twinsocket_channel_publications_total{by=\"client\"} 1\n",
                           "twinsocket_channel_publications_total{by=\"server\"} 1\n",
                           "twinsocket_channel_recoveries_total{outcome=\"epoch_changed\"} 1\n",
                           "twinsocket_channel_refusals_total{code=\"unknown_channel\"} 1\n",
                           "twinsocket_broker_up 1\n", "twinsocket_broker_publish_seconds_count 2\n"})
    CHECK(text.find(line) != std::string::npos);
}

TEST_CASE("a client that violates the protocol is closed") {
  fixture f(channels_options().connect_timeout(50ms));
  run([&]() -> task<void> {
    const std::string url = "ws://127.0.0.1:" + std::to_string(f.server.port()) + "/channels";
    auto without = co_await twinsocket::connect(url);
    REQUIRE(without.has_value());
    const auto first = co_await without->closed();
    CHECK(first.code == twinsocket::close_code::policy_violation);
    const auto with = twinsocket::connect_options().subprotocol(std::string(protocol::json_subprotocol));
    auto wrong = co_await twinsocket::connect(url, with);
    REQUIRE(wrong.has_value());
    co_await wrong->send("{\"id\":1}");
    const auto second = co_await wrong->closed();
    CHECK(second.code == twinsocket::close_code::invalid_payload);
    auto silent = co_await twinsocket::connect(url, with);
    REQUIRE(silent.has_value());
    const auto info = co_await silent->closed();
    CHECK(info.code == twinsocket::close_code::policy_violation);
    CHECK(info.reason == "no ConnectRequest within 50 ms");
  });
}

TEST_CASE("a namespace is added once, and the server publishes only to channels that there are") {
  channels all;
  REQUIRE(all.add("").has_value());
  CHECK(all.add("").error() == errc::invalid_argument);
  CHECK(all.add("a:b").error().detail() == "the namespace \"a:b\" has a colon");
  run([&]() -> task<void> {
    const auto nowhere = co_await all.publish("chat:x", "hello");
    CHECK(nowhere.error() == errc::invalid_argument);
    const auto nobody = co_await all.publish("anything", "hello");
    CHECK(nobody.has_value());
  });
}

TEST_CASE("a channel tells when it gets its first subscriber and loses its last one") {
  std::mutex mutex;
  std::vector<std::string> events;
  channels all;
  REQUIRE(all.add("news", channel_options().on_occupied([&](std::string_view channel, bool occupied) {
               const std::scoped_lock lock(mutex);
               events.push_back(std::string(channel) + (occupied ? "+" : "-"));
             }))
              .has_value());
  running_server server([&](twinsocket::server& on) { all.serve(on, "/channels"); });
  run([&]() -> task<void> {
    auto one = co_await protocol_client::open(server.port());
    auto other = co_await protocol_client::open(server.port());
    static_cast<void>(expect<protocol::subscribe_response>(co_await one.subscribe("news:today")));
    static_cast<void>(expect<protocol::subscribe_response>(co_await other.subscribe("news:today")));
    static_cast<void>(expect<protocol::subscribe_response>(co_await other.subscribe("news:old")));
    for (auto* const client : {&one, &other}) {
      protocol::request end = protocol::unsubscribe_request{"news:today"};
      static_cast<void>(expect<protocol::unsubscribe_response>(co_await client->ask(std::move(end))));
    }
    static_cast<void>(expect<protocol::subscribe_response>(co_await one.subscribe("news:today")));
  });
  server.stop();
  server.wait();
  CHECK(std::vector<std::string>(events.begin(), events.begin() + 4) ==
        std::vector<std::string>{"news:today+", "news:old+", "news:today-", "news:today+"});
}

TEST_CASE("a namespace has a number of channels of its own, and room again once one is empty") {
  channels all;
  REQUIRE(all.add("chat", channel_options().max_channels(2)).has_value());
  REQUIRE(all.add("news").has_value());
  running_server server([&](twinsocket::server& on) { all.serve(on, "/channels"); });
  run([&]() -> task<void> {
    auto one = co_await protocol_client::open(server.port());
    for (const char* name : {"chat:a", "chat:b", "news:a", "news:b", "news:c"})
      static_cast<void>(expect<protocol::subscribe_response>(co_await one.subscribe(name)));
    co_await one.is_refused(subscribing("chat:c"), protocol::failure_code::over_limit);
    protocol::request end = protocol::unsubscribe_request{"chat:a"};
    static_cast<void>(expect<protocol::unsubscribe_response>(co_await one.ask(std::move(end))));
    static_cast<void>(expect<protocol::subscribe_response>(co_await one.subscribe("chat:c")));
  });
}
