// Prefix routes, the fallback, middleware, and routes that are added late, on real connections.

#include "test.hpp"
#include <atomic>
#include <future>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "raw_client.hpp"
#include "request_text.hpp"
#include "result_text.hpp"
#include "running_server.hpp"
#include "temporary_folder.hpp"

using namespace std::chrono_literals;
using twinsocket::admission;
using twinsocket::connection;
using twinsocket::errc;
using twinsocket::log_entry;
using twinsocket::request;
using twinsocket::response;
using twinsocket::server;
using twinsocket::server_options;
using twinsocket::sleep_for;
using twinsocket::task;

namespace {

response say_path(const request& req) { return response::text("rest=" + std::string(req.parameter("rest"))); }

}  // namespace

TEST_CASE("a rest parameter matches everything below its prefix for HTTP and WebSockets") {
  const running_server s([](server& to) {
    to.get("/api/{rest...}", say_path);
    to.get("/api/exact", [](const request&) { return response::text("exact"); });
    to.websocket("/rooms/{rest...}", [](connection socket, const request& req) -> task<void> {
      co_await socket.send(req.parameter("rest"));
    });
  });
  CHECK(http_exchange(s.port(), get("/api/users/7%2Fa/b")).body == "rest=users/7/a/b");
  CHECK(http_exchange(s.port(), get("/api/users/")).body == "rest=users/");
  CHECK(http_exchange(s.port(), get("/api/")).body == "rest=");
  CHECK(http_exchange(s.port(), get("/api")).body == "rest=");
  CHECK(http_exchange(s.port(), get("/api/exact")).body == "exact");
  CHECK(http_exchange(s.port(), get("/apia")).status == 404);
  CHECK(http_exchange(s.port(), "POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")["allow"] ==
        "GET, HEAD");
  raw_client client = open_websocket(s.port(), "/rooms/tea/green");
  CHECK(client.read_frame().payload == "tea/green");
}

TEST_CASE("fallback() answers every unmatched path and missing file with any method") {
  const temporary_folder folder;
  folder.write("a.txt", "a");
  const running_server s([&](server& to) {
    to.files("/files", folder.path());
    to.post("/known", [](const request&) { return response::text("known"); });
    to.fallback([](const request& req) { return response::text("nothing at " + std::string(req.path())).status(404); });
  });
  CHECK(http_exchange(s.port(), get("/nowhere")).body == "nothing at /nowhere");
  CHECK(http_exchange(s.port(), "BREW /nowhere HTTP/1.1\r\nHost: a\r\n\r\n").body == "nothing at /nowhere");
  CHECK(http_exchange(s.port(), get("/files/a.txt")).body == "a");
  CHECK(http_exchange(s.port(), get("/files/b.txt")).body == "nothing at /files/b.txt");
  CHECK(http_exchange(s.port(), get("/known")).status == 405);
  CHECK(http_exchange(s.port(), upgrade_request("/nowhere")).body == "nothing at /nowhere");
}

TEST_CASE("middleware runs in order for every request and may wait, add headers or respond") {
  std::mutex mutex;
  std::vector<std::string> seen;
  const running_server s([&](server& to) {
    to.use([&](const request& req) {
      const std::lock_guard lock(mutex);
      seen.emplace_back(req.target());
      return admission().header("X-First", "1").header("Content-Type", "not this").header("Set-Cookie", "a=1");
    });
    to.use([](const request& req) -> task<admission> {
      co_await sleep_for(1ms);
      if (req.header("Authorization")) co_return admission().header("X-Second", std::string(req.parameter("rest")));
      co_return response::text("who is there?").status(401);
    });
    to.get("/api/{rest...}", [](const request& req) { return say_path(req).header("Set-Cookie", "b=2"); });
    to.post("/body", [](const request& req) { return response::text(req.body()); });
    to.websocket("/echo", echo);
  });
  const std::string key = "Authorization: x\r\n";
  const raw_response reply = http_exchange(s.port(), get("/api/a", key));
  CHECK(reply.body == "rest=a");
  CHECK(reply["x-first"] == "1");
  CHECK(reply["x-second"] == "a");
  CHECK(reply["content-type"] == "text/plain; charset=utf-8");
  CHECK(reply["set-cookie"] == "b=2, a=1");
  const raw_response refused = http_exchange(s.port(), get("/api/a"));
  CHECK(refused.status == 401);
  CHECK(refused.body == "who is there?");
  CHECK(refused["x-first"] == "1");
  CHECK(http_exchange(s.port(), get("/nowhere", key))["x-first"] == "1");
  CHECK(http_exchange(s.port(), upgrade_request("/echo")).status == 401);
  const raw_response opened = http_exchange(s.port(), upgrade_request("/echo", key));
  CHECK(opened.status == 101);
  CHECK(opened["x-first"] == "1");
  // The connection is kept after a response of middleware, unless unread content would be parsed as a request.
  raw_client client(s.port());
  client.send(get("/api/a") + get("/api/b", key));
  CHECK(client.read_response().status == 401);
  CHECK(client.read_response().body == "rest=b");
  client.send("POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
  CHECK(client.read_response()["connection"] == "close");
  CHECK(client.ended());
  const std::lock_guard lock(mutex);
  CHECK(seen ==
        std::vector<std::string>{"/api/a", "/api/a", "/nowhere", "/echo", "/echo", "/api/a", "/api/b", "/body"});
}

TEST_CASE("middleware that throws is answered 500 and one over request_hook_timeout 503") {
  std::atomic<int> reached = 0;
  server_options options;
  options.websockets.request_hook_timeout(50ms);
  const running_server s(
      [&](server& to) {
        to.use([](const request& req) -> task<admission> {
          if (req.path() == "/throws") throw std::runtime_error("broken");
          if (req.path() == "/throws-without-text") throw std::runtime_error("");
          if (req.path() == "/splits") co_return admission().header("X", "a\r\nb");
          if (req.path() == "/waits") co_await sleep_for(1h);
          co_return admission();
        });
        to.fallback([&](const request&) {
          ++reached;
          return response();
        });
      },
      options);
  CHECK(http_exchange(s.port(), get("/throws")).status == 500);
  CHECK(http_exchange(s.port(), get("/throws-without-text")).status == 500);
  CHECK(http_exchange(s.port(), get("/splits")).status == 500);
  const raw_response late = http_exchange(s.port(), get("/waits"));
  CHECK(late.status == 503);
  CHECK_THAT(late.body, Catch::Contains("50 ms"));
  CHECK(reached == 0);
  CHECK(http_exchange(s.port(), get("/")).status == 200);
}

TEST_CASE("an invalid route is rejected by the call and by listen()") {
  const auto refused = [](auto add) {
    server s({.address = "127.0.0.1", .port = 0});
    const twinsocket::result<void> added = add(s);
    REQUIRE_FALSE(added);
    CHECK(added.error() == errc::invalid_argument);
    const auto listening = s.listen();
    REQUIRE_FALSE(listening);
    CHECK(listening.error().message() == added.error().message());
    return added.error().detail();
  };
  const auto ok = [](const request&) { return response(); };
  CHECK_THAT(refused([&](server& s) { return s.get("api", ok); }), Catch::Contains("\"api\""));
  CHECK_THAT(refused([&](server& s) { return s.get("/{rest...}/more", ok); }), Catch::Contains("{name...} at the end"));
  CHECK_THAT(refused([&](server& s) { return s.get("/{a}/{a...}", ok); }),
             Catch::Contains("two parameters of one name"));
  CHECK_THAT(refused([&](server& s) { return s.on("get", "/", ok); }),
             Catch::Contains("\"get\" must be written \"GET\""));
  CHECK_THAT(refused([&](server& s) { return s.get("/a", std::function<response(const request&)>()); }),
             Catch::Contains("\"/a\" is an empty function"));
  CHECK_THAT(refused([&](server& s) { return s.websocket("/a", std::function<task<void>(connection)>()); }),
             Catch::Contains("\"/a\" is an empty function"));
  CHECK_THAT(refused([&](server& s) { return s.files("/", "/no/such/folder"); }), Catch::Contains("/no/such/folder"));
  CHECK_THAT(refused([&](server& s) {
               static_cast<void>(s.fallback(ok));
               return s.fallback(ok);
             }),
             Catch::Contains("a fallback already"));
  CHECK_THAT(refused([&](server& s) {
               static_cast<void>(s.get("/{rest...}", ok));
               return s.files("/", "/");
             }),
             Catch::Contains("a handler of GET already"));
}

TEST_CASE("a route added after listen() is checked by run() and rejected while the server runs") {
  const auto ok = [](const request&) { return response::text("ok"); };
  {
    server s({.address = "127.0.0.1", .port = 0});
    REQUIRE(s.listen());
    const twinsocket::result<void> wrong = s.get("wrong", ok);
    CHECK_FALSE(wrong);
    const twinsocket::result<void> ran = s.run();
    REQUIRE_FALSE(ran);
    CHECK_THAT(ran.error().detail(), Catch::Contains("\"wrong\""));
  }
  std::promise<std::string> logged;
  server_options options{.address = "127.0.0.1", .port = 0};
  options.log = [&](const log_entry& entry) {
    if (entry.event == "route refused") logged.set_value(std::string(entry.detail));
  };
  server s(options);
  REQUIRE(s.listen());
  s.get("/between", ok);
  std::thread running([&] { s.run(); });
  CHECK(http_exchange(s.port(), get("/between")).body == "ok");
  const twinsocket::result<void> late = s.get("/late", ok);
  CHECK(http_exchange(s.port(), get("/late")).status == 404);
  s.stop();
  running.join();
  REQUIRE_FALSE(late);
  CHECK(late.error().detail() == "the handler of GET \"/late\" cannot be added while the server runs");
  CHECK(logged.get_future().get() == late.error().detail());
}
