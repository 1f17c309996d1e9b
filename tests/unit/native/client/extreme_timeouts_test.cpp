// Options with a duration, of the client and of the server, with the largest value and with zero.

#include "test.hpp"

#include <chrono>

#include "result_text.hpp"
#include "scripted_server.hpp"
#include "server/running_server.hpp"
#include "twinsocket/native/client_options.hpp"
#include "twinsocket/native/run.hpp"

using namespace twinsocket;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

task<void> connect_within(std::string url, milliseconds limit, error& into) {
  auto opened = co_await connect(std::move(url), connect_options().timeout(limit));
  into = opened ? error() : opened.error();
}

error outcome_within(const std::string& url, milliseconds limit) {
  error came;
  native::run(connect_within(url, limit, came));
  return came;
}

// The server starts its shutdown while this conversation continues.
task<void> talk_on(std::string url, std::string& heard, close_info& end, running_server& stopping) {
  auto opened = co_await connect(std::move(url));
  REQUIRE(opened);
  stopping.stop();
  while (auto message = co_await opened->receive()) heard += message->text();
  end = co_await opened->closed();
}

}  // namespace

TEST_CASE("a connect timeout of milliseconds::max() is no limit and zero or less times out") {
  const running_server s([](server& to) { to.websocket("/", echo); });
  const std::string url = "ws://127.0.0.1:" + std::to_string(s.port());
  CHECK(outcome_within(url, milliseconds::max()) == errc::ok);
  for (const auto time : {0ms, -1ms, milliseconds::min()}) CHECK(outcome_within(url, time) == errc::timed_out);
}

TEST_CASE("a server with timeouts of milliseconds::max() serves and shuts down") {
  server_options options;
  options.idle_timeout = options.shutdown_timeout = milliseconds::max();
  options.websockets.limits(limits()
                                .handshake_timeout(milliseconds::max())
                                .message_timeout(milliseconds::max())
                                .close_timeout(milliseconds::max())
                                .write_timeout(milliseconds::max())
                                .idle_timeout(milliseconds::max()));
  options.websockets.keepalive(keepalive().interval(milliseconds::max()).timeout(milliseconds::max()));
  options.websockets.request_hook_timeout(milliseconds::max());
  options.websockets.on_request([](const request&) -> task<admission> {
    co_await sleep_for(1ms);
    co_return admission();
  });
  running_server s(
      [](server& to) {
        to.websocket("/", [](connection socket) -> task<void> {
          // Ends when the server shuts down.
          while (auto message = co_await socket.receive()) {
          }
        });
      },
      options);
  std::string heard;
  close_info end;
  native::run(talk_on("ws://127.0.0.1:" + std::to_string(s.port()), heard, end, s));
  s.wait();
  CHECK(end.is(close_code::going_away));
  CHECK(end.clean);
}
