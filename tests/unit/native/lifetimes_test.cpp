// Connections, tasks and event loops that are destroyed in an unusual order.

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "test.hpp"
#include "twinsocket/async_event.hpp"
#include "twinsocket/connect.hpp"
#include "twinsocket/native/asio.hpp"
#include "twinsocket/native/loop_thread.hpp"
#include "twinsocket/native/run.hpp"
#include "twinsocket/native/run_on.hpp"
#include "twinsocket/native/server.hpp"
#include "twinsocket/pair.hpp"
#include "twinsocket/reconnect.hpp"
#include "twinsocket/when_any.hpp"
#include "twinsocket/with_timeout.hpp"

using namespace twinsocket;
using namespace std::chrono_literals;

namespace {

/// An echo server on a thread of its own.
class echo_server {
 public:
  echo_server() {
    server_.websocket("/echo", [](connection socket) -> task<void> {
      while (auto message = co_await socket.receive()) co_await socket.send(*message);
    });
    REQUIRE(server_.listen().has_value());
    thread_ = std::thread([this] { server_.run(); });
  }
  ~echo_server() {
    server_.stop();
    thread_.join();
  }
  [[nodiscard]] std::string url() const { return "ws://127.0.0.1:" + std::to_string(server_.port()) + "/echo"; }

 private:
  server server_{server_options{.port = 0}};
  std::thread thread_;
};

task<connection> connected(std::string url) {
  auto opened = co_await connect(std::move(url));
  REQUIRE(opened.has_value());
  co_return std::move(*opened);
}

// All operations are refused, without undefined behaviour.
void require_closed(connection& socket) {
  CHECK_FALSE(socket.is_open());
  const auto sent = socket.try_send("late");
  CHECK_FALSE(static_cast<bool>(sent));
  CHECK(sent.error() == errc::closed);
  CHECK(socket.buffered_amount() == 0);
  CHECK_FALSE(socket.post([] {}));
  socket.abort();
  socket.close();
  native::run([](connection& c) -> task<void> {
    const auto received = co_await c.receive();
    CHECK(received.error() == errc::closed);
    const auto sending = co_await c.send("late");
    CHECK(sending.error() == errc::closed);
    const auto drained = co_await c.drained();
    CHECK(drained.error() == errc::closed);
    const close_info info = co_await c.closed();
    CHECK(info.code == close_code::abnormal);
  }(socket));
}

}  // namespace

TEST_CASE("a connection is closed once its io_context is destroyed") {
  echo_server server;
  std::optional<connection> out;
  {
    boost::asio::io_context context(1);
    native::spawn(context, [&]() -> task<void> { out.emplace(co_await connected(server.url())); });
    while (!out) context.run_one();
    REQUIRE(out->is_open());
  }
  require_closed(*out);
}

TEST_CASE("a connection is closed once native::run has returned") {
  echo_server server;
  std::optional<connection> out;
  native::run([&]() -> task<void> { out.emplace(co_await connected(server.url())); });
  CHECK_FALSE(out->is_open());
  CHECK(out->try_send("late").error() == errc::closed);
}

TEST_CASE("connections in a registry are closed once their server has stopped") {
  std::vector<std::shared_ptr<connection>> all;
  server s{server_options{.port = 0}};
  std::promise<void> registered;
  s.websocket("/hold", [&](connection socket) -> task<void> {
    auto mine = std::make_shared<connection>(std::move(socket));
    all.push_back(mine);
    registered.set_value();
    while (co_await mine->receive()) {
    }
  });
  REQUIRE(s.listen().has_value());
  std::thread stopper([&] {
    native::run([](std::uint16_t port, std::future<void> ready) -> task<void> {
      auto c = co_await connected("ws://127.0.0.1:" + std::to_string(port) + "/hold");
      ready.wait();
    }(s.port(), registered.get_future()));
    s.stop();
  });
  s.run();
  stopper.join();
  REQUIRE(all.size() == 1);
  CHECK_FALSE(all[0]->is_open());
  CHECK(all[0]->try_send("late").error() == errc::closed);
  all.clear();
}

TEST_CASE("a coroutine that waits in send() on another loop's connection may be destroyed") {
  std::promise<connection*> made;
  async_event done;
  bool goes_on = false;
  boost::asio::io_context owner(1);
  native::spawn(owner, [&]() -> task<void> {
    connection_pair pair = make_connection_pair(
        pair_options().limits(limits().send_queue_bytes(1000).receive_queue_bytes(1000)).capacity(100));
    made.set_value(&pair.client);
    co_await done.wait();
    goes_on = true;
  });
  std::thread running([&] { owner.run(); });
  connection& client = *made.get_future().get();

  const std::string big(900, 'x');
  std::promise<void> waits;
  {
    boost::asio::io_context sender(1);
    native::spawn(sender, [&]() -> task<void> {
      // There is room for a few messages, which nobody reads.
      for (bool told = false;;) {
        auto sending = client.send(big);
        if (!sending.await_ready() && !std::exchange(told, true)) waits.set_value();
        co_await sending;
      }
    });
    auto waiting = waits.get_future();
    while (waiting.wait_for(0s) != std::future_status::ready) sender.run_one();
    sender.poll();
  }
  done.set();
  running.join();
  CHECK(goes_on);
}

TEST_CASE("send(), drained(), close() and closed() may be awaited on another thread but not receive()") {
  echo_server server;
  native::loop_thread own_loop;
  auto socket = own_loop.run([&] { return connect(server.url()); });
  REQUIRE(socket.has_value());
  native::run([](connection& c) -> task<void> {
    const auto sent = co_await c.send("hello");
    CHECK(static_cast<bool>(sent));
    const auto drained = co_await c.drained();
    CHECK(drained.has_value());
    const auto received = co_await c.receive();
    REQUIRE_FALSE(received.has_value());
    CHECK(received.error() == errc::wrong_thread);
    const auto nothing = co_await with_timeout(c.closed(), 1ms);
    CHECK(nothing.error() == errc::timed_out);
    const close_info info = co_await c.close(close_code::normal, "done");
    CHECK(info.clean);
    CHECK(info.reason == "done");
    const close_info again = co_await c.closed();
    CHECK(again == info);
  }(*socket));
}

TEST_CASE("closed() on another loop completes when the connection's loop is destroyed") {
  std::promise<connection*> made;
  auto owner = std::make_unique<boost::asio::io_context>(1);
  std::optional<connection_pair> pair;
  native::spawn(*owner, [&]() -> task<void> {
    pair.emplace(make_connection_pair());
    co_return;
  });
  owner->run_one();
  owner->poll();
  REQUIRE(pair);
  native::loop_thread other;
  std::optional<close_info> info;
  std::promise<void> waits;
  std::promise<void> ended;
  other.spawn([&]() -> task<void> {
    auto closing = pair->client.closed();
    waits.set_value();
    info.emplace(co_await closing);
    ended.set_value();
  });
  waits.get_future().wait();
  other.run([]() -> task<void> { co_return; });  // It has suspended by now.
  owner.reset();
  ended.get_future().wait();
  CHECK(info->code == close_code::abnormal);
}

TEST_CASE("pending receive() and closed() operations keep the connection alive") {
  native::run([]() -> task<void> {
    std::optional<connection_pair> pair(make_connection_pair());
    auto receiving = pair->client.receive();
    auto closing = pair->client.closed();
    pair.reset();
    const auto received = co_await receiving;
    CHECK(received.error() == errc::closed);
    const close_info info = co_await closing;
    CHECK(info.code == close_code::normal);
  }());
}

TEST_CASE("loops over receive() and next_status() end when the connection is destroyed") {
  native::run([]() -> task<void> {
    auto pair = std::make_unique<connection_pair>(make_connection_pair());
    int messages = 0;
    bool ended = false;
    spawn([&]() -> task<void> {
      connection& client = pair->client;
      while (co_await client.receive()) ++messages;
      ended = true;
    });
    pair->server.try_send("one");
    pair->server.try_send("two");
    pair.reset();
    co_await sleep_for(1ms);
    CHECK(ended);
    CHECK(messages == 0);

    auto client = std::make_unique<reconnecting_connection>("ws://127.0.0.1:9/");
    bool status_ended = false;
    spawn([&]() -> task<void> {
      reconnecting_connection& mine = *client;
      while (co_await mine.next_status()) {
      }
      status_ended = true;
    });
    client.reset();
    co_await sleep_for(1ms);
    CHECK(status_ended);
  }());
}

TEST_CASE("a pending send() owns its payload and options") {
  native::run([]() -> task<void> {
    connection_pair p = make_connection_pair(
        pair_options().limits(limits().send_queue_bytes(1000).receive_queue_bytes(1000)).capacity(100));
    std::size_t before = 0;
    for (; p.client.try_send(std::string(900, 'x')); ++before) co_await sleep_for(1ms);
    auto first = p.client.send(std::string(900, 'a'));
    auto second = p.client.send(std::string(900, 'b'), send_options().compress(false));
    const std::string other(900, 'Z');
    std::string heard;
    spawn([&]() -> task<void> {
      while (auto m = co_await p.server.receive()) heard += m->text().substr(0, 1);
    });
    co_await first;
    co_await second;
    co_await p.client.close();
    CHECK(heard == std::string(before, 'x') + "ab");
  }());
}

TEST_CASE("native::run ends spawned tasks as documented") {
  echo_server server;
  SECTION("receive() on an open connection fails with errc::closed") {
    std::optional<errc> told;
    native::run([&]() -> task<void> {
      auto socket = std::make_shared<connection>(co_await connected(server.url()));
      spawn([&told, socket]() -> task<void> {
        const auto received = co_await socket->receive();
        told = received.error().code();
      });
    });
    CHECK(told == errc::closed);
  }
  SECTION("sleep_for() completes") {
    bool slept = false;
    native::run([&]() -> task<void> {
      spawn([&slept]() -> task<void> {
        co_await sleep_for(20ms);
        slept = true;
      });
      co_return;
    });
    CHECK(slept);
  }
  SECTION("a reconnecting_connection is closed") {
    std::optional<errc> told;
    native::run([&]() -> task<void> {
      spawn([&told]() -> task<void> {
        reconnecting_connection client("ws://127.0.0.1:9/");
        const auto received = co_await client.receive();
        told = received.error().code();
      });
      co_return;
    });
    CHECK(told == errc::closed);
  }
  SECTION("a task that waits for an event that never occurs is destroyed") {
    const auto alive = std::make_shared<int>(0);
    native::run([&]() -> task<void> {
      spawn([alive]() -> task<void> {
        async_event never;
        co_await never.wait();
      });
      co_return;
    });
    CHECK(alive.use_count() == 1);
  }
  SECTION("a connection that opens afterwards is closed") {
    std::optional<errc> told;
    native::run([&]() -> task<void> {
      spawn([&]() -> task<void> {
        co_await sleep_for(1ms);
        auto socket = co_await connect(server.url());
        REQUIRE(socket.has_value());
        const auto received = co_await socket->receive();
        told = received.error().code();
      });
      co_return;
    });
    CHECK(told == errc::closed);
  }
}

TEST_CASE("a task resumes on its own thread after run_on() and use_task") {
  boost::asio::thread_pool pool(2);
  native::run([&]() -> task<void> {
    const auto here = std::this_thread::get_id();
    co_await boost::asio::post(pool, native::use_task);
    CHECK(std::this_thread::get_id() == here);
    const auto there = co_await native::run_on(pool, [] { return std::this_thread::get_id(); });
    CHECK(there != here);
    CHECK(std::this_thread::get_id() == here);
    std::string text;
    try {
      co_await native::run_on(pool, []() -> int { throw std::runtime_error("broken"); });
    } catch (const std::runtime_error& thrown) {
      text = thrown.what();
    }
    CHECK(text == "broken");
  });
  pool.join();
}

TEST_CASE("run_on() that times out lets the work on the pool complete") {
  boost::asio::thread_pool pool(1);
  std::promise<void> may_end;
  std::promise<void> has_ended;
  native::run([&]() -> task<void> {
    auto gate = std::make_shared<std::shared_future<void>>(may_end.get_future().share());
    const auto work = [gate, &has_ended] {
      gate->wait();
      has_ended.set_value();
    };
    const auto done = co_await with_timeout(native::run_on(pool, work), 1ms);
    CHECK(done.error() == errc::timed_out);
  });
  may_end.set_value();
  has_ended.get_future().wait();
  pool.join();
}

TEST_CASE("connect() that times out or loses in when_any leaves no connection") {
  echo_server server;
  native::run([&]() -> task<void> {
    for (int i = 0; i < 20; ++i) {
      auto opened = co_await with_timeout(connect(server.url()), std::chrono::microseconds(50 * i));
      if (!opened) CHECK(opened.error() == errc::timed_out);
    }
    const auto first = co_await when_any(sleep_for(0ms), connect(server.url()));
    CHECK(first.index() == 0);
  });
}

TEST_CASE("a cancellation_source cancels from another thread") {
  cancellation_source stop;
  std::promise<void> waits;
  std::thread canceller([&] {
    waits.get_future().wait();
    stop.cancel();
  });
  native::run([&]() -> task<void> {
    connection_pair pair = make_connection_pair();
    waits.set_value();
    const auto received = co_await pair.client.receive(receive_options().cancel_on(stop));
    CHECK(received.error() == errc::cancelled);
    const auto slept = co_await with_cancellation(sleep_for(1h), stop);
    CHECK(slept.error() == errc::cancelled);
  });
  canceller.join();
}

TEST_CASE("a synchronous program uses a connection through loop_thread::run()") {
  echo_server server;
  std::optional<connection> kept;
  {
    native::loop_thread loop;
    auto socket = loop.run([&] { return connect(server.url()); });
    REQUIRE(socket.has_value());
    for (int i = 0; i < 3; ++i) {
      socket->try_send(std::to_string(i));
      const auto reply = loop.run([&] { return socket->receive(); });
      REQUIRE(reply.has_value());
      CHECK(reply->text() == std::to_string(i));
    }
    kept.emplace(std::move(*socket));
  }
  CHECK_FALSE(kept->is_open());
  CHECK(kept->try_send("late").error() == errc::closed);
}
