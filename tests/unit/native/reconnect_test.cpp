// A reconnecting client on real sockets: what the tests in memory cannot cover.

#include "test.hpp"
#include <atomic>
#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include "server/running_server.hpp"
#include "twinsocket/handshake_response.hpp"
#include "twinsocket/native/client_options.hpp"
#include "twinsocket/native/run.hpp"
#include "twinsocket/reconnect.hpp"

using namespace std::chrono_literals;
using namespace twinsocket;

namespace {

std::string url_of(const running_server& s, const std::string& path) {
  return "ws://127.0.0.1:" + std::to_string(s.port()) + path;
}

reconnect_options quick() { return reconnect_options().policy(reconnect_policy().initial_delay(20ms).max_delay(20ms)); }

task<reconnect_status> last_status(reconnecting_connection& socket) {
  reconnect_status last;
  while (auto now = co_await socket.next_status()) last = std::move(*now);
  co_return last;
}

}  // namespace

TEST_CASE("a final status stops reconnecting and reports the response and a transient one does not") {
  std::atomic<int> req = 0;
  const running_server s([&](server& to) {
    to.get("/feed", [&](const request&) {
      return response::text("not now").status(++req < 3 ? 503 : 403).header("Retry-After", "0");
    });
  });
  const auto talk = [](std::string url) -> task<reconnect_status> {
    reconnecting_connection socket(std::move(url), quick());
    co_return co_await last_status(socket);
  };
  const reconnect_status last = native::run(talk(url_of(s, "/feed")));
  CHECK(req == 3);
  CHECK(last.phase == reconnect_phase::closed);
  REQUIRE(last.error);
  REQUIRE(last.error->response());
  CHECK(last.error->response()->status() == 403);
}

TEST_CASE("the dialer is called for every attempt") {
  std::atomic<int> opened = 0;
  const running_server s([&](server& to) {
    to.websocket("/once", [&](connection socket) -> task<void> {
      ++opened;
      co_await socket.close(close_code::service_restart, retry_after(0s));
    });
    to.websocket("/echo", echo);
  });
  int dialled = 0;
  const auto talk = [&]() -> task<std::string> {
    auto options = quick().dialer([&](std::string url, connect_options common) {
      url += ++dialled < 3 ? "/once" : "/echo";
      return native::connect(std::move(url), client_options(std::move(common)).compression(true));
    });
    reconnecting_connection socket(url_of(s, ""), std::move(options));
    co_await socket.send("hello");
    // Messages that a connection had accepted when the server closed it are not sent again.
    for (;;) {
      const auto limited = receive_options().timeout(200ms);
      if (auto received = co_await socket.receive(limited)) co_return std::string(received->text());
      co_await socket.send("hello again");
    }
  };
  CHECK(native::run(talk()).substr(0, 5) == "hello");
  CHECK(opened == 2);
  CHECK(dialled == 3);
}

TEST_CASE("try_send() on a reconnecting_connection may be called from any thread") {
  const running_server s([](server& to) { to.websocket("/echo", echo); });
  constexpr int each = 200;
  const auto talk = [&]() -> task<std::set<std::string>> {
    reconnecting_connection socket(url_of(s, "/echo"), quick());
    std::vector<std::thread> threads;
    for (const char name : {'a', 'b'})
      threads.emplace_back([&socket, name] {
        for (int i = 0; i < each; ++i) socket.try_send(name + std::to_string(i));
      });
    std::set<std::string> heard;
    while (heard.size() < 2 * each) {
      const auto received = co_await socket.receive();
      heard.emplace(received->text());
    }
    for (auto& one : threads) one.join();
    co_return heard;
  };
  CHECK(native::run(talk()).size() == 2 * each);
}

TEST_CASE("stopping a server ends reconnecting clients of its handlers") {
  auto there = std::make_unique<running_server>([](server& to) { to.websocket("/echo", echo); });
  const std::string url = url_of(*there, "/echo");
  running_server relay([&](server& to) {
    to.websocket("/relay", [&](connection socket) -> task<void> {
      reconnecting_connection upstream(url, quick());
      while (auto received = co_await socket.receive()) {
        co_await upstream.send(*received);
        if (auto back = co_await upstream.receive()) co_await socket.send(*back);
      }
    });
  });
  const auto talk = [&]() -> task<close_info> {
    auto socket = co_await connect(url_of(relay, "/relay"));
    co_await socket->send("through");
    const auto back = co_await socket->receive();
    if (!back || back->text() != "through") co_return close_info();
    there.reset();
    co_await socket->send("nobody there");
    relay.stop();
    co_return co_await socket->closed();
  };
  CHECK(native::run(talk()).is(close_code::going_away));
  relay.wait();
}
