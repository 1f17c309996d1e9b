#include "orders/world.hpp"

#include <utility>

#include "test.hpp"
#include "twinsocket/connect.hpp"
#include "twinsocket/native/asio.hpp"
#include "twinsocket/native/run.hpp"
#include "twinsocket/native/run_on.hpp"
#include "twinsocket/when_any.hpp"
#include "twinsocket/with_timeout.hpp"

namespace destruction_order {

using namespace twinsocket;
using namespace std::chrono_literals;

// A server with two threads. Its conversations send to each other through a topic.
struct object_set::running_server {
  explicit running_server(std::shared_ptr<topics> hub) : own(options()) {
    own.websocket("/room", [hub](connection socket) -> task<void> {
      const subscription in = hub->subscribe(socket, "room");
      while (auto message = co_await socket.receive()) {
        hub->publish("room", prepared_message(*message));
        co_await socket.send(*message);
      }
    });
    REQUIRE(own.listen().has_value());
    thread = std::thread([this] { own.run(); });
  }
  ~running_server() {
    own.stop();
    thread.join();
  }
  static server_options options() {
    server_options wanted;
    wanted.threads = 2;
    wanted.shutdown_timeout = 1ms;  // The clients' loop does not run while this thread waits for the server.
    return wanted;
  }

  server own;
  std::thread thread;
};

namespace {

// Waits for several events at once, on this and on another thread, until it is destroyed.
task<void> wait_for_all(std::weak_ptr<connection_pair> pair, std::shared_ptr<boost::asio::thread_pool> pool) {
  for (auto there = pair.lock(); there; there = pair.lock()) {
    auto receiving = there->client.receive(receive_options().timeout(5ms));
    there.reset();  // The connection may be destroyed while this task waits for it.
    const auto first = co_await when_any(std::move(receiving), native::run_on(*pool, [] { return 1; }), sleep_for(1ms));
    if (first.index() == 0 && !std::get<0>(first)) co_return;
  }
}

}  // namespace

object_set::object_set()
    : pool_(std::make_shared<boost::asio::thread_pool>(1)),
      topics_(std::make_shared<topics>()),
      server_(std::make_unique<running_server>(topics_)),
      context_(std::make_unique<boost::asio::io_context>(1)) {
  const std::string url = "ws://127.0.0.1:" + std::to_string(server_->own.port()) + "/room";
  bool made = false;
  native::spawn(*context_, [&]() -> task<void> {
    auto opened = co_await connect(url);
    REQUIRE(opened.has_value());
    connection_.emplace(std::move(*opened));
    pair_ = std::make_shared<connection_pair>(make_connection_pair());
    reconnecting_.emplace(url);
    subscription_.emplace(topics_->subscribe(pair_->server, "room"));
    task_.emplace(wait_for_all(pair_, pool_));
    made = true;
  });
  while (!made) context_->run_one();
}

object_set::~object_set() {
  for (std::size_t i = object_count; i-- > 0;) destroy(static_cast<object>(i));
}

void object_set::pump() {
  if (context_) context_->poll();
}

// Called from this thread, which runs the io_context only now and then, and from another one.
void object_set::use_connection(connection& socket) {
  socket.try_send("from its own thread");
  std::thread([&] {
    socket.try_send("from another thread");
    static_cast<void>(socket.is_open());
    static_cast<void>(socket.remote_address());
    socket.post([] {});
    native::run([](connection& c) -> task<void> {
      const auto sent = co_await with_timeout(c.send("awaited on another thread"), 1ms);
      static_cast<void>(static_cast<bool>(sent));
      const auto closed = co_await with_timeout(c.closed(), 0ms);
      static_cast<void>(static_cast<bool>(closed));
    }(socket));
  }).join();
}

void object_set::use(object one) {
  switch (one) {
    case object::context:
      if (context_) native::spawn(*context_, []() -> task<void> { co_await sleep_for(0ms); });
      break;
    case object::server:
      if (server_) static_cast<void>(server_->own.metrics_text());
      break;
    case object::topics:
      if (topics_) topics_->publish("room", prepared_message("hello"));
      break;
    case object::connection:
      if (connection_) use_connection(*connection_);
      break;
    case object::subscription:
      if (subscription_) static_cast<void>(static_cast<bool>(*subscription_));
      break;
    case object::pair:
      if (pair_) {
        use_connection(pair_->client);
        use_connection(pair_->server);
      }
      break;
    case object::reconnecting:
      if (reconnecting_) reconnecting_->try_send("kept or sent");
      break;
    case object::task:
      // Starts the task, which then waits. Its io_context destroys it.
      if (task_ && context_ && pair_) native::spawn(*context_, std::move(*task_));
      task_.reset();
      break;
    case object::pool:
      if (pool_ && context_)
        native::spawn(*context_, [pool = pool_]() -> task<void> { co_await native::run_on(*pool, [] {}); });
      break;
  }
  pump();
}

void object_set::destroy(object one) {
  switch (one) {
    case object::context: context_.reset(); break;
    case object::server: server_.reset(); break;
    case object::topics: topics_.reset(); break;
    case object::connection: connection_.reset(); break;
    case object::subscription: subscription_.reset(); break;
    case object::pair: pair_.reset(); break;
    case object::reconnecting: reconnecting_.reset(); break;
    case object::task: task_.reset(); break;
    case object::pool: pool_.reset(); break;
  }
  pump();
}

}  // namespace destruction_order
