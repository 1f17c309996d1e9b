// Shutdown of a server.

#include <sys/resource.h>
#include <unistd.h>

#include "test.hpp"
#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <future>
#include <set>
#include <vector>

#include "raw_client.hpp"
#include "result_text.hpp"
#include "running_server.hpp"

using namespace std::chrono_literals;
using twinsocket::connection;
using twinsocket::request;
using twinsocket::response;
using twinsocket::server;
using twinsocket::server_options;
using twinsocket::sleep_for;
using twinsocket::task;

namespace {

constexpr const char* healthz = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";

void add_routes(server& s) {
  s.websocket("/echo", echo);
  s.get("/healthz", [](const request&) { return response::text("ok"); });
}

// Reports its destruction.
struct witness {
  explicit witness(std::promise<void>& p) : gone(&p) {}
  witness(const witness&) = delete;
  witness& operator=(const witness&) = delete;
  ~witness() { gone->set_value(); }
  std::promise<void>* gone;
};

}  // namespace

TEST_CASE("stop() closes every WebSocket with 1001 and run() returns when all have answered") {
  const unsigned threads = GENERATE(1U, 2U);
  server_options options;
  options.threads = threads;
  running_server s(add_routes, options);
  std::vector<raw_client> clients;
  for (int i = 0; i < 20; ++i) clients.push_back(open_websocket(s.port(), "/echo"));
  clients.front().send(client_text("before"));
  CHECK(clients.front().read_frame().payload == "before");
  const auto begin = std::chrono::steady_clock::now();
  s.stop();
  for (raw_client& client : clients) {
    const raw_frame closed = client.read_frame();
    CHECK(closed.opcode == 8);
    CHECK(closed.close_code() == 1001);
    CHECK(closed.payload.substr(2) == "the server stops");
    client.send(client_close(1001));
    CHECK(client.ended());
  }
  clients.clear();
  s.wait();
  CHECK(std::chrono::steady_clock::now() - begin < 3s);
  CHECK_THROWS(raw_client(s.port()));
}

TEST_CASE("stop() closes 10,000 idle WebSockets with 1001 within shutdown_timeout") {
  rlimit files{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &files) == 0);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  // Both ends are in this process.
  const std::size_t count = std::min<std::size_t>(10'000, (files.rlim_cur - 100) / 2);
  std::atomic<bool> cut = false;
  server_options options;
  options.threads = 2;
  options.shutdown_timeout = 120s;
  options.log = [&](const twinsocket::log_entry& entry) {
    if (entry.event == "connections aborted") cut = true;
  };
  // The clients answer no pings.
  const auto idle_route = [](server& to) {
    to.websocket("/echo", twinsocket::websocket_options().keepalive(twinsocket::keepalive().off()), echo);
  };
  running_server s(idle_route, options);
  std::vector<raw_client> clients;
  for (std::size_t i = 0; i < count; ++i) clients.push_back(open_websocket(s.port(), "/echo"));
  s.stop();
  std::size_t told = 0;
  for (raw_client& client : clients) {
    if (client.read_frame().close_code() == 1001) ++told;
    client.send(client_close(1001));
  }
  clients.clear();
  s.wait();
  CHECK(told == count);
  CHECK_FALSE(cut);
}

TEST_CASE("stop() ends HTTP connections that are idle or within a request") {
  running_server s(add_routes);
  raw_client silent(s.port());
  raw_client idle(s.port());
  idle.send(healthz);
  CHECK(idle.read_response().body == "ok");
  raw_client partial(s.port());
  partial.send("GET /healthz HTTP/1.1\r\nHo");
  s.stop();
  s.wait();
  CHECK(silent.ended());
  CHECK(idle.ended());
  CHECK(partial.ended());
}

TEST_CASE("stop() waits for a pending response and sends it with Connection: close") {
  std::promise<void> started;
  running_server s([&](server& to) {
    to.get("/slow", [&](const request&) -> task<response> {
      started.set_value();
      co_await sleep_for(100ms);
      co_return response::text("done");
    });
  });
  raw_client client(s.port());
  client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n" + std::string(healthz));
  started.get_future().wait();
  s.stop();
  const raw_response reply = client.read_response();
  CHECK(reply.body == "done");
  CHECK(reply["connection"] == "close");
  CHECK(client.ended());
}

TEST_CASE("stop() closes a WebSocket that is being opened with 1001") {
  std::promise<void> started;
  running_server s([&](server& to) {
    to.websocket("/", twinsocket::websocket_options().on_request([&](const request&) -> task<twinsocket::admission> {
      started.set_value();
      co_await sleep_for(50ms);
      co_return twinsocket::admission();
    }),
                 echo);
  });
  raw_client client(s.port());
  client.send(upgrade_request("/"));
  started.get_future().wait();
  s.stop();
  CHECK(client.read_response().status == 101);
  CHECK(client.read_frame().close_code() == 1001);
}

TEST_CASE("shutdown_timeout aborts connections that do not close") {
  server_options options;
  options.shutdown_timeout = 100ms;
  running_server s(add_routes, options);
  // This client never answers the close frame.
  raw_client client = open_websocket(s.port(), "/echo");
  const auto begin = std::chrono::steady_clock::now();
  s.stop();
  s.wait();
  const auto took = std::chrono::steady_clock::now() - begin;
  CHECK(took >= 100ms);
  CHECK(took < 3s);
  CHECK(client.read_frame().close_code() == 1001);
}

TEST_CASE("a WebSocket handler that does not end is destroyed after shutdown_timeout") {
  std::promise<void> gone;
  server_options options;
  options.shutdown_timeout = 50ms;
  running_server s(
      [&](server& to) {
        to.websocket("/", [&](connection socket) -> task<void> {
          const witness here(gone);
          co_await socket.send("ready");
          for (;;) co_await sleep_for(1h);
        });
      },
      options);
  raw_client client = open_websocket(s.port(), "/");
  CHECK(client.read_frame().payload == "ready");
  s.stop();
  s.wait();
  CHECK(gone.get_future().wait_for(0s) == std::future_status::ready);
}

TEST_CASE("tasks spawned by a WebSocket handler are destroyed after shutdown_timeout") {
  std::promise<void> gone;
  std::promise<void> gone_too;
  server_options options;
  options.shutdown_timeout = 50ms;
  running_server s(
      [&](server& to) {
        to.websocket("/", [&](connection socket) -> task<void> {
          const auto wait_for = [](std::promise<void>& told, std::chrono::hours time) -> task<void> {
            const witness here(told);
            co_await sleep_for(time);
          };
          twinsocket::spawn(wait_for(gone, 1h));
          const auto wait_for_message = [](std::promise<void>& told, connection own) -> task<void> {
            const witness here(told);
            while (co_await own.receive()) continue;
            co_await sleep_for(1h);
          };
          co_await socket.send("ready");
          twinsocket::spawn(wait_for_message(gone_too, std::move(socket)));
        });
      },
      options);
  raw_client client = open_websocket(s.port(), "/");
  CHECK(client.read_frame().payload == "ready");
  s.stop();
  s.wait();
  CHECK(gone.get_future().wait_for(0s) == std::future_status::ready);
  CHECK(gone_too.get_future().wait_for(0s) == std::future_status::ready);
}

TEST_CASE("an HTTP handler that does not respond is destroyed after shutdown_timeout") {
  std::promise<void> started;
  std::promise<void> gone;
  server_options options;
  options.shutdown_timeout = 50ms;
  running_server s(
      [&](server& to) {
        to.get("/", [&](const request&) -> task<response> {
          const witness here(gone);
          started.set_value();
          co_await sleep_for(1h);
          co_return response();
        });
      },
      options);
  raw_client client(s.port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  started.get_future().wait();
  s.stop();
  s.wait();
  CHECK(gone.get_future().wait_for(0s) == std::future_status::ready);
  CHECK(client.ended());
}

TEST_CASE("send() after the shutdown close frame fails and ends the handler") {
  running_server s([](server& to) {
    to.websocket("/", [](connection socket) -> task<void> {
      int sent = 0;
      while (co_await socket.send(std::to_string(sent))) {
        ++sent;
        co_await sleep_for(1ms);
      }
    });
  });
  raw_client client = open_websocket(s.port(), "/");
  CHECK(client.read_frame().payload == "0");
  s.stop();
  raw_frame frame;
  do frame = client.read_frame();
  while (frame.opcode == 1);
  CHECK(frame.close_code() == 1001);
  client.send(client_close(1001));
  CHECK(client.ended());
}

TEST_CASE("stop() before run() makes run() return and the server can run again") {
  server s({.address = "127.0.0.1", .port = 0});
  add_routes(s);
  s.stop();
  CHECK(s.run().has_value());
  REQUIRE(s.listen());
  std::thread running([&] { s.run(); });
  raw_client client(s.port());
  client.send(healthz);
  CHECK(client.read_response().body == "ok");
  s.stop();
  running.join();
}

TEST_CASE("stop_on() stops the server on a signal and restores the signal's disposition") {
  std::signal(SIGUSR1, SIG_IGN);
  server s({.address = "127.0.0.1", .port = 0});
  add_routes(s);
  s.stop_on({SIGUSR1});
  REQUIRE(s.listen());
  std::thread running([&] { s.run(); });
  {
    raw_client client = open_websocket(s.port(), "/echo");
    ::kill(::getpid(), SIGUSR1);
    CHECK(client.read_frame().close_code() == 1001);
    client.send(client_close(1001));
  }
  running.join();
  struct sigaction now {};
  REQUIRE(::sigaction(SIGUSR1, nullptr, &now) == 0);
  CHECK(now.sa_handler != SIG_ERR);
  std::signal(SIGUSR1, SIG_DFL);
}

TEST_CASE("stop() may be called in a signal handler") {
  static server* stopped = nullptr;
  server s({.address = "127.0.0.1", .port = 0});
  add_routes(s);
  stopped = &s;
  REQUIRE(s.listen());
  std::signal(SIGUSR2, [](int) { stopped->stop(); });
  std::thread running([&] { s.run(); });
  ::kill(::getpid(), SIGUSR2);
  running.join();
  std::signal(SIGUSR2, SIG_DFL);
  CHECK_THROWS(raw_client(s.port()));
}

TEST_CASE("stop() with a spread tells each WebSocket a delay of its own") {
  running_server s(add_routes);
  std::vector<raw_client> clients;
  for (int i = 0; i < 20; ++i) clients.push_back(open_websocket(s.port(), "/echo"));
  s.get().stop(twinsocket::close_code::going_away, 100s, 1000000s);
  const std::string begin = "the server stops, Retry-After: ";
  std::set<long> delays;
  for (raw_client& client : clients) {
    const raw_frame closed = client.read_frame();
    REQUIRE(closed.payload.substr(2, begin.size()) == begin);
    const long delay = std::stol(closed.payload.substr(2 + begin.size()));
    CHECK(delay >= 100);
    CHECK(delay <= 1000100);
    delays.insert(delay);
    client.send(client_close(1001));
  }
  // A chance of 0.02 % that two are the same; none that all are.
  CHECK(delays.size() > 10);
  clients.clear();
  s.wait();
}

TEST_CASE("stop(code, retry_after) closes with the code and the Retry-After reason") {
  const auto [code, after, told, reason] = GENERATE(table<int, int, int, std::string>({
      {1012, 30, 1012, "the server stops, Retry-After: 30"},
      {1012, -1, 1012, "the server stops"},
      {4000, 0, 4000, "the server stops, Retry-After: 0"},
      {1005, 5, 1001, "the server stops, Retry-After: 5"},
  }));
  server_options options;
  options.threads = 2;
  running_server s(add_routes, options);
  std::vector<raw_client> clients;
  for (int i = 0; i < 4; ++i) clients.push_back(open_websocket(s.port(), "/echo"));
  s.get().stop(twinsocket::close_code(code), std::chrono::seconds(after));
  for (raw_client& client : clients) {
    const raw_frame closed = client.read_frame();
    CHECK(closed.close_code() == told);
    CHECK(closed.payload.substr(2) == reason);
    client.send(client_close(told));
  }
  clients.clear();
  s.wait();
}
