// A server that runs out of memory while it starts, serves or stops still ends in time.

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <new>
#include <string>
#include <thread>

#include "failing.hpp"
#include "server/running_server.hpp"
#include "test.hpp"
#include "twinsocket/native/connect_options.hpp"
#include "twinsocket/native/run.hpp"
#include "twinsocket/native/serve_on.hpp"

using namespace std::chrono_literals;
using namespace twinsocket;

namespace {

constexpr auto patience = 10s;

std::string url_of(std::uint16_t port) { return "ws://127.0.0.1:" + std::to_string(port) + "/echo"; }

task<result<connection>> connect_to(std::uint16_t port) {
  native::connect_options options(connect_options().time_limit(patience));
  options.no_proxy();
  co_return co_await native::connect(url_of(port), std::move(options));
}

/// Echoes once, then stops the server and waits for the end.
template <class F>
task<void> talk_and_stop(std::uint16_t port, F stop) {
  auto socket = co_await connect_to(port);
  const receive_options in_time = receive_options().time_limit(patience);
  if (socket && co_await socket->send("hello")) static_cast<void>(co_await socket->receive(in_time));
  stop();
  if (socket) static_cast<void>(co_await socket->receive(in_time));
}

server_options options_of() {
  server_options options;
  options.port = 0;
  options.stop_time = 5s;
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

}  // namespace

TEST_CASE("a server that runs out of memory while it stops ends in time") {
  fail_each([](std::size_t number) {
    running_server s(
        [](server& to) {
          to.websocket("/echo", [](connection socket) -> task<void> {
            this_thread_is(side::server);
            while (const auto message = co_await socket.receive()) co_await socket.send(*message);
          });
        },
        options_of());
    native::run(talk_and_stop(s.port(), [&] {
      fail_at(resource::memory, side::server, number);
      s.stop();
    }));
    s.wait();
    return stop_failing();
  });
}

TEST_CASE("on an io_context of the user's a server that runs out of memory serves and ends") {
  fail_each([](std::size_t number) {
    boost::asio::io_context io(1);
    server s(options_of());
    s.websocket("/echo", echo);
    const auto port = native::serve_on(s, {&io});
    REQUIRE(port.has_value());
    fail_at(resource::memory, side::server, number);
    std::thread thread([&] {
      this_thread_is(side::server);
      for (;;) {
        try {
          io.run();
          return;
        } catch (const std::bad_alloc&) {
        }
      }
    });
    native::run(talk_and_stop(*port, [&] { s.stop(); }));
    thread.join();
    return stop_failing();
  });
}
