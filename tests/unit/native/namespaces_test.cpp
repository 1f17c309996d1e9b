#include "twinsocket/native.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_future.hpp>
#include <future>

#include "test.hpp"

// native.hpp alone, with the names that programs use: by `using namespace`, with one namespace or with both.

static_assert(std::is_same_v<twinsocket::server, twinsocket::native::server>);
static_assert(std::is_same_v<twinsocket::client_options, twinsocket::native::client_options>);
static_assert(std::is_same_v<decltype(twinsocket::use_task), decltype(twinsocket::native::use_task)>);

namespace {

using namespace twinsocket;

task<void> converse(std::string url, std::string& output) {
  // Both overloads of connect(), and each with the options of the other part.
  auto plain = co_await connect(url);
  auto common = co_await connect(url, connect_options().subprotocol("a"));
  auto own = co_await connect(url, client_options().header("X-Name", "b"));
  auto both = co_await native::connect(url, connect_options());
  if (!plain || !common || !own || !both) co_return;
  spawn([](std::string& to) -> task<void> {
    to += "spawned ";
    co_return;
  }(output));
  for (connection* socket : {&*plain, &*common, &*own, &*both}) {
    co_await socket->send("hello");
    const auto reply = co_await socket->receive();
    if (reply) output += reply->text();
    co_await socket->close();
  }
}

}  // namespace

TEST_CASE("one header and one using directive suffice for a server and its clients") {
  server s{{.port = 0}};
  s.websocket("/", [](connection socket) -> task<void> {
    while (const auto message = co_await socket.receive()) co_await socket.send(*message);
  });
  const auto port = s.listen();
  REQUIRE(port.has_value());
  loop_thread clients;
  std::string output;
  boost::asio::io_context io(1);
  REQUIRE_FALSE(serve_on(s, {&io}).has_value());  // It listens already.
  std::thread serving([&] { s.run(); });
  const std::string url = "ws://127.0.0.1:" + std::to_string(*port) + "/";
  SECTION("unqualified") { run(converse(url, output)); }
  SECTION("qualified") { native::run(converse(url, output)); }
  SECTION("spawned") {
    std::promise<void> ended;
    spawn(clients.executor(), converse(url, output), [&](const std::exception_ptr&) { ended.set_value(); });
    ended.get_future().wait();
  }
  s.stop();
  serving.join();
  CHECK(output == "spawned hellohellohellohello");
}

TEST_CASE("using directives of Asio and twinsocket can be combined") {
  using namespace boost::asio;
  io_context io(1);
  int count = 0;
  co_spawn(
      io,
      [&]() -> awaitable<void> {
        ++count;
        co_return;
      },
      detached);
  co_spawn(
      io.get_executor(),
      [&]() -> awaitable<void> {
        ++count;
        co_return;
      },
      detached);
  const auto number = []() -> task<int> { co_return 3; };
  std::future<int> three = co_spawn(io, number, use_future);
  spawn(io, [&]() -> task<void> {
    ++count;
    co_return;
  });
  io.run();
  CHECK(count == 3);
  CHECK(three.get() == 3);
}
