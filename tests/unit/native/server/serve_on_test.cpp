// A server on io_contexts that the program runs itself.

#include "twinsocket/native/serve_on.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "test.hpp"
#include "twinsocket/connect.hpp"
#include "twinsocket/native/run.hpp"

using namespace twinsocket;
using namespace std::chrono_literals;

namespace {

void add_echo(server& s) {
  s.websocket("/echo", [](connection socket) -> task<void> {
    while (auto message = co_await socket.receive()) co_await socket.send(*message);
  });
}

/// Returns the echo and the close code, or the error.
std::string talk(std::uint16_t port, std::function<void()> then = {}) {
  std::string out;
  native::run([&]() -> task<void> {
    auto opened = co_await connect("ws://127.0.0.1:" + std::to_string(port) + "/echo");
    if (!opened) {
      out = opened.error().message();
      co_return;
    }
    co_await opened->send("hello");
    const auto reply = co_await opened->receive();
    if (reply) out = reply->text();
    if (!then) co_return;
    then();
    const close_info info = co_await opened->closed();
    out += " " + std::to_string(static_cast<int>(info.code));
  });
  return out;
}

}  // namespace

TEST_CASE("serve_on() serves on four io_contexts and stops gracefully") {
  std::vector<std::unique_ptr<boost::asio::io_context>> contexts;
  std::vector<boost::asio::io_context*> all;
  for (int i = 0; i < 4; ++i) all.push_back(contexts.emplace_back(std::make_unique<boost::asio::io_context>(1)).get());
  server s{server_options{.port = 0}};
  add_echo(s);
  bool done = false;
  const auto port = native::serve_on(s, all, [&] { done = true; });
  REQUIRE(port.has_value());
  CHECK(native::serve_on(s, all).error() == errc::invalid_argument);
  CHECK_FALSE(s.run().has_value());
  std::vector<std::thread> threads;
  for (auto* one : all) threads.emplace_back([one] { one->run(); });
  for (int i = 0; i < 8; ++i) CHECK(talk(*port) == "hello");
  CHECK(talk(*port, [&] { s.stop(); }) == "hello 1001");
  for (auto& one : threads) one.join();
  CHECK(done);
  // It can be started again.
  for (auto* one : all) one->restart();
  const auto again = native::serve_on(s, {all[0]});
  REQUIRE(again.has_value());
  std::thread runs([&] { all[0]->run(); });
  CHECK(talk(*again, [&] { s.stop(); }) == "hello 1001");
  runs.join();
}

TEST_CASE("destroying a server that serves on an io_context closes its connections with 1001") {
  boost::asio::io_context context(1);
  std::optional<server> s(std::in_place, server_options{.port = 0});
  add_echo(*s);
  const auto port = native::serve_on(*s, {&context});
  REQUIRE(port.has_value());
  std::thread runs([&] { context.run(); });
  CHECK(talk(*port, [&] { s.reset(); }) == "hello 1001");
  runs.join();
}

TEST_CASE("destroying an io_context destroys the handlers of the server on it") {
  auto context = std::make_unique<boost::asio::io_context>(1);
  server s{server_options{.port = 0}};
  const auto alive = std::make_shared<int>(0);
  s.websocket("/echo", [alive](connection socket) -> task<void> {
    const auto held = alive;
    while (auto message = co_await socket.receive()) co_await socket.send(*message);
  });
  const long before = alive.use_count();
  bool done = false;
  const auto port = native::serve_on(s, {context.get()}, [&] { done = true; });
  REQUIRE(port.has_value());
  std::atomic<bool> replied = false;
  std::string outcome;
  std::thread client([&] { outcome = talk(*port, [&] { replied = true; }); });
  while (!replied) context->run_one_for(10ms);
  CHECK(alive.use_count() == before + 1);
  context.reset();
  client.join();
  CHECK(outcome == "hello 1006");
  CHECK(alive.use_count() == before);
  CHECK(done);
}
