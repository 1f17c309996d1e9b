// Connections that speak no subprotocol of channels.

#include "twinsocket/native/plain_channel.hpp"

#include "channels/protocol_client.hpp"
#include "server/running_server.hpp"
#include "twinsocket/native/channels.hpp"

using namespace channel_test;
using namespace std::chrono_literals;
using twinsocket::channel_options;
using twinsocket::channel_user;
using twinsocket::channels;
using twinsocket::channels_options;
using twinsocket::close_code;
using twinsocket::connection;
using twinsocket::errc;
using twinsocket::error;
using twinsocket::message;
using twinsocket::plain_channel;
using twinsocket::plain_channel_event;
using twinsocket::request;
using twinsocket::native::run;

namespace {

std::string room_of(const request& req) { return "chat:" + std::string(req.parameter("room")); }

struct fixture {
  const std::shared_ptr<twinsocket::broker> where = twinsocket::memory_broker();

  explicit fixture(plain_channel how = plain_channel(room_of), channel_options rooms = open_rooms(),
                   channels_options options = {})
      : all(where, std::move(options)), server([&](twinsocket::server& on) {
          REQUIRE(all.add("chat", std::move(rooms)).has_value());
          all.serve(on, "/channels");
          all.serve(on, "/rooms/{room}", std::move(how),
                    twinsocket::websocket_options().subprotocol("loud").subprotocol("quiet"));
        }) {}

  static channel_options open_rooms() {
    return channel_options().history(3).presence(true).announce_members(true).client_publish(true);
  }
  task<connection> open(std::string room, std::string subprotocol = {}) const {
    twinsocket::connect_options how;
    if (!subprotocol.empty()) how.subprotocol(subprotocol);
    auto made = co_await twinsocket::connect("ws://127.0.0.1:" + std::to_string(server.port()) + "/rooms/" + room, how);
    REQUIRE(made.has_value());
    co_return std::move(*made);
  }

  channels all;
  running_server server;
};

task<void> hears(connection& one, std::string text) {
  const auto received = co_await one.receive();
  REQUIRE(received.has_value());
  CHECK(received->text() == text);
}

task<void> is_closed(connection& one, close_code code) {
  const auto received = co_await one.receive();
  CHECK_FALSE(received.has_value());
  const auto closed = co_await one.closed();
  CHECK(closed.code == code);
}

}  // namespace

TEST_CASE("plain connections and clients of channels share a channel, and its history comes first") {
  fixture f;
  run([&]() -> task<void> {
    auto client = co_await protocol_client::open(f.server.port());
    static_cast<void>(expect<protocol::subscribe_response>(co_await client.subscribe("chat:tea")));
    const auto own = co_await client.next_event();
    REQUIRE(own.has_value());
    for (const char* text : {"1", "2", "3", "4"}) {
      static_cast<void>(expect<protocol::publish_response>(co_await client.publish("chat:tea", text)));
      co_await client.hears(text);
    }
    auto plain = co_await f.open("tea");
    for (const char* text : {"2", "3", "4"}) co_await hears(plain, text);
    const auto joined = co_await client.next_event();
    REQUIRE(joined.has_value());
    CHECK(std::holds_alternative<protocol::joined>(*joined));

    auto elsewhere = co_await f.open("coffee");
    co_await plain.send("5");
    co_await hears(plain, "5");
    co_await client.hears("5");
    static_cast<void>(expect<protocol::publish_response>(co_await client.publish("chat:tea", "6")));
    co_await hears(plain, "6");
    co_await elsewhere.send("alone");
    co_await hears(elsewhere, "alone");

    auto binary = co_await f.open("tea");
    for (const char* text : {"4", "5", "6"}) co_await hears(binary, text);
    const std::string bytes("\x00\xff", 2);
    co_await binary.send(std::as_bytes(std::span(bytes)));
    const auto received = co_await plain.receive();
    REQUIRE(received.has_value());
    CHECK(received->kind() == twinsocket::message_kind::binary);
    CHECK(received->bytes().size() == 2);
  });
}

TEST_CASE("plain connections have names, and messages of their own form for each subprotocol") {
  const auto encode = [](const plain_channel_event& event,
                         std::string_view subprotocol) -> std::optional<twinsocket::result<message>> {
    const std::string mark = subprotocol == "loud" ? "!" : "";
    const std::string name = event.who ? event.who->user : "server";
    if (event.what == plain_channel_event::kind::joined) return message(name + " joined" + mark);
    if (event.what == plain_channel_event::kind::left) return message(name + " left" + mark);
    if (event.content.text() == "secret") return std::nullopt;
    return message(name + ": " + std::string(event.content.text()) + mark);
  };
  const auto decode = [](const message& received, std::string_view) -> twinsocket::result<message> {
    if (received.text() == "bad") return error(errc::malformed, "not a message of this route");
    return message("<" + std::string(received.text()) + ">");
  };
  const auto name = [](const request& req) {
    channel_user who;
    who.user = std::string(req.header("Sec-WebSocket-Protocol").value_or("nobody"));
    return who;
  };
  fixture f(plain_channel(room_of).user(name).encode(encode).decode(decode).history(1));
  run([&]() -> task<void> {
    auto loud = co_await f.open("tea", "loud");
    co_await hears(loud, "loud joined!");
    auto quiet = co_await f.open("tea", "quiet");
    co_await hears(quiet, "quiet joined");
    co_await hears(loud, "quiet joined!");
    co_await quiet.send("hello");
    co_await hears(loud, "quiet: <hello>!");
    co_await hears(quiet, "quiet: <hello>");
    static_cast<void>(co_await f.all.publish("chat:tea", "rain"));
    co_await hears(loud, "server: rain!");
    co_await hears(quiet, "server: rain");
    static_cast<void>(co_await f.all.publish("chat:tea", "secret"));

    auto client = co_await protocol_client::open(f.server.port());
    static_cast<void>(expect<protocol::subscribe_response>(co_await client.subscribe("chat:tea")));
    const protocol::request who = protocol::presence_request{"chat:tea"};
    CHECK(expect<protocol::presence_response>(co_await client.ask(who)).members.size() == 3);
    co_await hears(quiet, " joined");
    co_await hears(loud, " joined!");

    co_await quiet.send("bad");
    co_await is_closed(quiet, close_code::invalid_payload);
    co_await hears(loud, "quiet left!");
    CHECK(expect<protocol::presence_response>(co_await client.ask(who)).members.size() == 2);
  });
}

TEST_CASE("the rules of a namespace apply to plain connections") {
  const auto refuse = [](const channel_user&, std::string_view channel) -> task<twinsocket::result<void>> {
    if (channel == "chat:secret") co_return error(errc::invalid_argument, "members only");
    co_return twinsocket::result<void>();
  };
  fixture f(plain_channel(room_of),
            channel_options().max_publication_bytes(3).client_publish(true).on_subscribe(refuse));
  run([&]() -> task<void> {
    auto secret = co_await f.open("secret");
    co_await is_closed(secret, close_code::policy_violation);
    auto too_long = co_await f.open(std::string(300, 'x'));
    co_await is_closed(too_long, close_code::policy_violation);
    auto plain = co_await f.open("tea");
    co_await plain.send("abc");
    co_await hears(plain, "abc");
    co_await plain.send("abcd");
    co_await is_closed(plain, close_code::policy_violation);
  });
}

TEST_CASE("messages of plain connections are ignored where clients may not publish") {
  fixture f(plain_channel(room_of), channel_options{});
  run([&]() -> task<void> {
    auto plain = co_await f.open("tea");
    co_await plain.send("ignored");
    const auto give_up = std::chrono::steady_clock::now() + 20s;
    while (f.all.subscribers("chat:tea") == 0) {
      co_await twinsocket::sleep_for(1ms);
      REQUIRE(std::chrono::steady_clock::now() < give_up);
    }
    static_cast<void>(co_await f.all.publish("chat:tea", "rain"));
    co_await hears(plain, "rain");
  });
  CHECK(f.all.subscribers("chat:tea") <= 1);
}

TEST_CASE("a plain connection that publishes too fast is read more slowly, and loses nothing") {
  fixture f(plain_channel(room_of), fixture::open_rooms(), channels_options().max_publications_per_second(20));
  run([&]() -> task<void> {
    auto plain = co_await f.open("tea");
    for (int i = 0; i < 25; ++i) co_await plain.send(std::to_string(i));
    for (int i = 0; i < 25; ++i) {
      const std::string text = std::to_string(i);
      co_await hears(plain, text);
    }
  });
}

TEST_CASE("a plain connection enters a room that has lost its history, and all hear what follows") {
  fixture f;
  run([&]() -> task<void> {
    auto first = co_await f.open("tea");
    co_await first.send("old");
    co_await hears(first, "old");
    const auto removed = co_await f.where->remove("chat:tea");
    REQUIRE(removed.has_value());
    auto second = co_await f.open("tea");
    co_await second.send("new");
    co_await hears(first, "new");
    co_await hears(second, "new");
    co_await first.send("newer");
    co_await hears(first, "newer");
    co_await hears(second, "newer");
  });
}
