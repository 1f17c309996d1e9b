// A server that runs out of memory while it starts, serves or stops still ends in time.

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>

#include "test.hpp"
#include "failing.hpp"
#include "server/running_server.hpp"
#include "twinsocket/native/asio.hpp"
#include "twinsocket/native/client_options.hpp"
#include "twinsocket/native/run.hpp"
#include "twinsocket/native/serve_on.hpp"

using namespace std::chrono_literals;
using namespace twinsocket;

namespace {

constexpr auto patience = 10s;

std::string url_of(std::uint16_t port) { return "ws://127.0.0.1:" + std::to_string(port) + "/echo"; }

task<result<connection>> connect_to(std::uint16_t port) {
  client_options options(connect_options().timeout(patience));
  options.no_proxy();
  co_return co_await native::connect(url_of(port), std::move(options));
}

/// Echoes once, then calls `end` and waits until the connection has closed. Returns true if all of it worked.
template <class F>
task<bool> talk(std::uint16_t port, F end) {
  auto socket = co_await connect_to(port);
  if (!socket) {
    end();
    co_return false;
  }
  const receive_options in_time = receive_options().timeout(patience);
  bool ok = static_cast<bool>(co_await socket->send("hello"));
  if (ok) ok = static_cast<bool>(co_await socket->receive(in_time));
  end();
  static_cast<void>(co_await socket->send("bye"));
  const auto last = co_await socket->receive(in_time);
  co_return ok && !last && last.error() == errc::closed;
}

server_options options_of() {
  server_options options;
  options.port = 0;
  options.shutdown_timeout = 5s;
  return options;
}

/// Repeats `once(number)` until nothing has failed in it.
template <class F>
void fail_each(F once) {
  for (std::size_t number = 1;; ++number) {
    CAPTURE(number);
    const auto begin = std::chrono::steady_clock::now();
    const bool failed = once(number);
    REQUIRE(std::chrono::steady_clock::now() - begin < patience);
    if (failed) continue;
    WARN(number - 1 << " failures");
    return;
  }
}

/// A server on an io_context of the test's.
class hosted_server {
 public:
  hosted_server() : server_(options_of()) {
    server_.websocket("/echo", [](connection socket) -> task<void> {
      while (const auto message = co_await socket.receive()) {
        if (message->text() == "bye") co_return;
        co_await socket.send(*message);
      }
    });
    const auto port = native::serve_on(server_, {&io_});
    if (!port) throw std::runtime_error(port.error().message());
  }
  hosted_server(const hosted_server&) = delete;
  hosted_server& operator=(const hosted_server&) = delete;
  ~hosted_server() { join(); }

  void start() {
    thread_ = std::thread([this] {
      this_thread_is(side::server);
      for (;;) {
        try {
          io_.run();
          return;
        } catch (const std::bad_alloc&) {
          // Asio ran out of memory.
        }
      }
    });
  }
  void stop() { server_.stop(); }
  void join() {
    stop();
    if (thread_.joinable()) thread_.join();
  }
  [[nodiscard]] std::uint16_t port() const noexcept { return server_.port(); }

 private:
  boost::asio::io_context io_{1};
  server server_;
  std::thread thread_;
};

task<void> sleep_shortly(bool& ended) {
  try {
    co_await sleep_for(1ms);
  } catch (const std::bad_alloc&) {
  }
  ended = true;
}

}  // namespace

TEST_CASE("a timer expires although an allocation for the wait has failed") {
  fail_each([](std::size_t number) {
    boost::asio::io_context io(1);
    bool ended = false;
    bool failed = false;
    native::spawn(io.get_executor(), sleep_shortly(ended));
    std::thread([&] {
      this_thread_is(side::server);
      fail_at(resource::memory, side::server, number);
      const auto until = std::chrono::steady_clock::now() + patience / 2;
      while (!io.stopped() && std::chrono::steady_clock::now() < until) {
        try {
          io.run_until(until);
        } catch (const std::bad_alloc&) {
          // Asio ran out of memory.
        }
      }
      failed = stop_failing();
    }).join();
    REQUIRE(ended);
    return failed;
  });
}

TEST_CASE("a server stops in time although an allocation fails during shutdown") {
  fail_each([](std::size_t number) {
    running_server s(
        [](server& to) {
          to.websocket("/echo", [](connection socket) -> task<void> {
            this_thread_is(side::server);
            while (const auto message = co_await socket.receive()) co_await socket.send(*message);
          });
        },
        options_of());
    [[maybe_unused]] const bool worked = native::run(talk(s.port(), [&] {
      fail_at(resource::memory, side::server, number);
      s.stop();
    }));
    s.wait();
    return stop_failing();
  });
}

TEST_CASE("a server on the program's io_context accepts connections after a failed allocation") {
  fail_each([](std::size_t number) {
    hosted_server s;
    fail_at(resource::memory, side::server, number);
    s.start();
    [[maybe_unused]] const bool worked = native::run(talk(s.port(), [] {}));
    const bool failed = stop_failing();
    REQUIRE(native::run(talk(s.port(), [&] { s.stop(); })));
    s.join();
    return failed;
  });
}

TEST_CASE("a server on the program's io_context stops in time although an allocation fails") {
  fail_each([](std::size_t number) {
    hosted_server s;
    s.start();
    [[maybe_unused]] const bool worked = native::run(talk(s.port(), [&] {
      fail_at(resource::memory, side::server, number);
      s.stop();
    }));
    s.join();
    return stop_failing();
  });
}
