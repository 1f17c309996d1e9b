// Topics on the threads of a real server.

#include "test.hpp"
#include <atomic>
#include <chrono>
#include <optional>

#include "raw_client.hpp"
#include "running_server.hpp"
#include "twinsocket/native/topics.hpp"

using namespace std::chrono_literals;
using twinsocket::connection;
using twinsocket::request;
using twinsocket::server;
using twinsocket::server_options;
using twinsocket::task;
using twinsocket::topics;

namespace {

// Sends "ready" once it has subscribed, and publishes what it receives.
auto room(topics& all) {
  return [&all](connection socket, const request& req) -> task<void> {
    const std::string topic(req.parameter("room"));
    const auto listening = all.subscribe(socket, topic);
    co_await socket.send("ready");
    while (const auto message = co_await socket.receive()) all.publish(topic, message->text());
  };
}

raw_client enter(std::uint16_t port, const std::string& room) {
  raw_client client = open_websocket(port, "/" + room);
  if (client.read_frame().payload != "ready") throw std::runtime_error("not ready");
  return client;
}

// Waits until a topic has this many subscribers: the server sees the end of a connection a moment later.
bool becomes(const topics& all, std::string_view topic, std::size_t count) {
  const auto until = std::chrono::steady_clock::now() + 10s;
  while (all.subscribers(topic) != count && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  return all.subscribers(topic) == count;
}

}  // namespace

TEST_CASE("subscribers on all threads receive the messages of a topic in the same order") {
  topics all;
  server_options options;
  options.threads = 3;
  const running_server s([&](server& to) { to.websocket("/{room}", room(all)); }, options);
  constexpr int people = 12;
  constexpr int each = 50;
  std::vector<raw_client> clients;
  for (int i = 0; i < people; ++i) clients.push_back(enter(s.port(), "blue"));
  raw_client elsewhere = enter(s.port(), "red");
  CHECK(all.subscribers("blue") == people);

  for (int i = 0; i < people; ++i) {
    std::string burst;
    for (int k = 0; k < each; ++k) burst += client_text(std::to_string(i) + ":" + std::to_string(k));
    clients[static_cast<std::size_t>(i)].send(burst);
  }
  std::thread outsider([&] {
    for (int k = 0; k < each; ++k) all.publish("blue", "outsider:" + std::to_string(k));
  });
  std::optional<std::vector<std::string>> first;
  for (raw_client& client : clients) {
    std::vector<std::string> heard;
    for (int k = 0; k < (people + 1) * each; ++k) heard.push_back(client.read_frame().payload);
    if (!first) first = heard;
    CHECK(heard == *first);
  }
  outsider.join();
  std::vector<std::string> own;
  for (const std::string& text : *first)
    if (text.starts_with("3:")) own.push_back(text);
  REQUIRE(own.size() == each);
  for (int k = 0; k < each; ++k) CHECK(own[static_cast<std::size_t>(k)] == "3:" + std::to_string(k));

  elsewhere.send(client_text("alone"));
  CHECK(elsewhere.read_frame().payload == "alone");
  while (clients.size() > 5) clients.pop_back();
  CHECK(becomes(all, "blue", 5));
  clients.clear();
  CHECK(becomes(all, "blue", 0));
}

TEST_CASE("publish() is valid during and after the shutdown of the server") {
  topics all;
  server_options options;
  options.threads = 2;
  options.shutdown_timeout = 100ms;
  std::atomic<bool> done = false;
  {
    running_server s([&](server& to) { to.websocket("/{room}", room(all)); }, options);
    std::vector<raw_client> clients;
    for (int i = 0; i < 20; ++i) clients.push_back(enter(s.port(), "blue"));
    std::thread outsider([&] {
      while (!done) all.publish("blue", "tick");
    });
    CHECK(clients.front().read_frame().payload == "tick");
    s.stop();
    s.wait();
    done = true;
    outsider.join();
  }
  CHECK(all.subscribers("blue") == 0);
  CHECK(all.publish("blue", "to nobody"));
}

TEST_CASE("a subscriber that does not read is closed and the others receive every message") {
  topics all;
  server_options options;
  options.websockets.limits(twinsocket::limits().send_queue_bytes(256 * 1024).close_timeout(100ms));
  const running_server s([&](server& to) { to.websocket("/{room}", room(all)); }, options);
  raw_client reads_on = enter(s.port(), "blue");
  const raw_client reads_nothing = enter(s.port(), "blue");
  const std::string large(100'000, 'x');
  for (int i = 0; i < 100; ++i) {
    all.publish("blue", large);
    REQUIRE(reads_on.read_frame().payload.size() == large.size());
  }
  CHECK(becomes(all, "blue", 1));
}
