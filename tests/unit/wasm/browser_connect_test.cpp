// Connecting in a browser, once and repeatedly.

#include "test.hpp"
#include "browser_client.hpp"
#include "twinsocket/reconnect.hpp"

using namespace browser_test;

TEST_CASE("connect() passes the normalized URL and the subprotocols to the platform") {
  fake_platform platform;
  client connecting(connect_options().subprotocol("a").subprotocol("b").timeout(std::chrono::seconds(7)),
                    "WS://Host:80/x?y");
  CHECK(platform.url == "ws://host/x?y");
  CHECK(platform.subprotocols == std::vector<std::string>{"a", "b", "a+heartbeat", "b+heartbeat"});
  CHECK(platform.timer_delay == 7000);
  CHECK_FALSE(connecting.outcome);
  platform.open("b");
  REQUIRE(connecting.outcome);
  REQUIRE(connecting.outcome->has_value());
  CHECK(connecting.socket().subprotocol() == "b");
  CHECK(connecting.socket().is_open());
  CHECK(platform.timer_delay == 24 * 3600 * 1000);
}

TEST_CASE("a connect timeout of milliseconds::max() is no limit and zero or less expires immediately") {
  for (const auto& [time, timer_delay] : {std::pair{std::chrono::milliseconds::max(), 0.0},
                                          {std::chrono::milliseconds(0), 1.0},
                                          {std::chrono::milliseconds::min(), 1.0}}) {
    fake_platform platform;
    client connecting(connect_options().timeout(time));
    CHECK(platform.timer_delay == timer_delay);
    platform.end(1006);
    CHECK(connecting.outcome);
  }
}

TEST_CASE("connect() logs its events without the query of the URL") {
  std::vector<std::string> lines;
  const auto hook = [&](const log_entry& entry) {
    lines.push_back(std::string(entry.event) + " | " + std::string(entry.detail) + " | " +
                    std::string(entry.remote_address) + std::string(entry.target));
  };
  {
    fake_platform platform;
    client connecting(connect_options().log(hook), "wss://host/a?secret");
    platform.open("");
    platform.end(4001, "enough");
    platform.settle();
  }
  {
    fake_platform platform;
    client connecting(connect_options().log(hook), "wss://host/a?secret");
    platform.end(1006, "", "cannot reach wss://host/a?secret");
  }
  REQUIRE(lines.size() == 5);
  CHECK(lines[0] == "connecting |  | host/a");
  CHECK(lines[1] == "connected |  | host/a");
  CHECK_THAT(lines[2], Catch::StartsWith("closed | 4001"));
  CHECK(lines[4] == "connect failed | cannot connect to the host: wss://host/a: cannot reach wss://host/a | host/a");
}

TEST_CASE("cancelling connect() drops the socket and does not affect an open connection") {
  fake_platform platform;
  cancellation_source stop;
  client connecting(connect_options().cancel_on(stop));
  CHECK_FALSE(connecting.outcome);
  stop.cancel();
  platform.settle();
  REQUIRE(connecting.outcome);
  CHECK(connecting.outcome->error() == errc::cancelled);
  CHECK(platform.dropped);
  client late(connect_options().cancel_on(stop));
  REQUIRE(late.outcome);
  CHECK(late.outcome->error() == errc::cancelled);

  cancellation_source too_late;
  client open(connect_options().cancel_on(too_late));
  platform.open();
  too_late.cancel();
  platform.settle();
  REQUIRE(open.outcome);
  CHECK(open.socket().is_open());
}

TEST_CASE("a failed connect() returns an error with the platform's message") {
  SECTION("the WebSocket constructor throws") {
    fake_platform platform;
    platform.refusal = "not from this page";
    client connecting;
    REQUIRE(connecting.outcome);
    CHECK(connecting.outcome->error() == errc::connect_failed);
    CHECK(connecting.outcome->error().detail() == "ws://host/: not from this page");
  }
  SECTION("the connection fails") {
    fake_platform platform;
    client connecting;
    platform.end(1006, "", "ECONNREFUSED");
    REQUIRE(connecting.outcome);
    CHECK(connecting.outcome->error() == errc::connect_failed);
    CHECK(connecting.outcome->error().detail() == "ws://host/: ECONNREFUSED");
  }
  SECTION("the connect timeout expires") {
    fake_platform platform;
    client connecting;
    platform.advance(29'999);
    platform.fire_timer();
    CHECK_FALSE(connecting.outcome);
    CHECK(platform.timer_delay == 1);
    platform.advance(1);
    platform.fire_timer();
    REQUIRE(connecting.outcome);
    CHECK(connecting.outcome->error() == errc::timed_out);
    CHECK(platform.dropped);
  }
  SECTION("the server selects a subprotocol that was not offered") {
    fake_platform platform;
    client connecting;
    platform.open("other");
    REQUIRE(connecting.outcome);
    CHECK(connecting.outcome->error() == errc::handshake_failed);
    CHECK(platform.dropped);
  }
  SECTION("the URL or a subprotocol is invalid") {
    fake_platform platform;
    CHECK(client(connect_options(), "ftp://host/").outcome->error() == errc::invalid_url);
    CHECK(client(connect_options().subprotocol("a b")).outcome->error() == errc::invalid_argument);
    CHECK(client(connect_options().subprotocol("a").subprotocol("a")).outcome->error() == errc::invalid_argument);
    CHECK(platform.url.empty());
  }
}

TEST_CASE("a reconnecting_connection pauses while the page is offline and reconnects when it is online") {
  std::vector<reconnect_phase> phases;
  fake_platform platform;
  platform.page = 2;
  std::optional<reconnecting_connection> socket;
  browser::spawn([](auto& out, auto& seen) -> task<void> {
    out.emplace("ws://host/");
    for (auto next = co_await out->next_status(); next; next = co_await out->next_status()) seen.push_back(next->phase);
  }(socket, phases));
  platform.settle();
  platform.end(1006);
  platform.settle();
  REQUIRE_FALSE(phases.empty());
  CHECK(phases.back() == reconnect_phase::paused);
  platform.set_page_state(3 | 8);
  platform.advance(1'000);
  platform.settle();
  platform.open();
  platform.settle();
  CHECK(phases.back() == reconnect_phase::open);
  browser::spawn([](auto& client) -> task<void> { co_await client->close(); }(socket));
  platform.settle();
  platform.end(1000);
  platform.settle();
  CHECK(phases.back() == reconnect_phase::closed);
}

TEST_CASE("leaving the page ends connections and returning reconnects immediately") {
  fake_platform platform;
  SECTION("while connecting") {
    client connecting;
    platform.set_page_state(3 | 4);
    REQUIRE(connecting.outcome);
    CHECK(connecting.outcome->error() == errc::connect_failed);
    CHECK(connecting.outcome->error().detail() == "the page was left: ws://host/");
    CHECK(platform.dropped);
  }
  SECTION("while open") {
    client open;
    platform.open();
    platform.set_page_state(3 | 4);
    CHECK(platform.close_code == 4001);
    CHECK(platform.close_reason == "the page was left");
  }
  SECTION("a reconnecting_connection") {
    std::optional<reconnecting_connection> socket;
    browser::spawn([](auto& out) -> task<void> {
      out.emplace("ws://host/");
      co_return;
    }(socket));
    platform.settle();
    platform.open();
    platform.settle();
    platform.set_page_state(3 | 4);
    CHECK(platform.close_code == 4001);
    platform.end(4001, "the page was left");
    platform.settle();
    platform.url.clear();
    platform.advance(3'600'000);
    CHECK(platform.url.empty());
    platform.set_page_state(3 | 8);
    CHECK(platform.url == "ws://host/");
    browser::spawn([](auto& it) -> task<void> { co_await it->close(); }(socket));
    platform.settle();
  }
}

TEST_CASE("returning to the page detects a lost connection within 3 s") {
  fake_platform platform;
  const bool heartbeats = GENERATE(true, false);
  CAPTURE(heartbeats);
  std::optional<reconnecting_connection> socket;
  browser::spawn([](auto& out) -> task<void> {
    out.emplace("ws://host/", connect_options().subprotocol("a"));
    co_return;
  }(socket));
  platform.settle();
  platform.open(heartbeats ? "a+heartbeat" : "a");
  platform.settle();
  const auto phase = [&] { return socket->status().phase; };
  platform.advance(20'000);
  platform.set_page_state(3 | 8);
  CHECK(platform.sent.size() == (heartbeats ? 1 : 0));
  CHECK(platform.timer_delay == 3'000);
  SECTION("a message or heartbeat arrives") {
    platform.deliver(heartbeats ? std::string_view("\0", 1) : "news");
    platform.advance(3'000);
    platform.fire_timer();
    platform.settle();
    CHECK(phase() == reconnect_phase::open);
  }
  SECTION("nothing arrives") {
    platform.advance(3'000);
    platform.fire_timer();
    platform.settle();
    CHECK(phase() == reconnect_phase::waiting);
    CHECK(socket->status().error == errc::peer_timeout);
    CHECK(platform.dropped);
    platform.url.clear();
    platform.advance(1'000);
    CHECK(platform.url == "ws://host/");
  }
  browser::spawn([](auto& it) -> task<void> {
    it->abort();
    co_return;
  }(socket));
  platform.settle();
}

TEST_CASE("returning to the page probes a connection only if heartbeats are negotiated") {
  for (const bool heartbeats : {true, false}) {
    CAPTURE(heartbeats);
    fake_platform platform;
    client open(connect_options().subprotocol("a"));
    platform.open(heartbeats ? "a+heartbeat" : "a");
    platform.advance(20'000);
    platform.set_page_state(3 | 8);
    CHECK(platform.sent.size() == (heartbeats ? 1 : 0));
    platform.advance(3'000);
    platform.fire_timer();
    CHECK(open.socket().is_open() != heartbeats);
  }
}

TEST_CASE("connect() without a timeout sets no timer") {
  fake_platform platform;
  client connecting(connect_options().timeout(std::chrono::milliseconds::max()));
  CHECK(platform.timer_delay == 0);
  platform.open();
  CHECK(connecting.outcome);
}
