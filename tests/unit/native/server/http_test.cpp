// The server's HTTP on real connections.

#include "test.hpp"
#include <set>
#include <stdexcept>
#include <vector>

#include "raw_client.hpp"
#include "request_text.hpp"
#include "result_text.hpp"
#include "running_server.hpp"

using namespace std::chrono_literals;
using twinsocket::errc;
using twinsocket::log_entry;
using twinsocket::request;
using twinsocket::response;
using twinsocket::server;
using twinsocket::server_options;
using twinsocket::sleep_for;
using twinsocket::task;

namespace {

void add_routes(server& s) {
  s.get("/healthz", [](const request&) { return response::text("ok"); });
  s.get("/slow/{name}", [](const request& req) -> task<response> {
    co_await sleep_for(1ms);
    std::string text(req.parameter("name"));
    text += req.query("q").value_or("");
    co_return response::json("[\"" + text + "\"]");
  });
  s.post("/body", [](const request& req) { return response::text(req.body()).status(201); });
  s.on("PUT", "/body", [](const request&) { return response(204); });
  s.get("/large", [](const request&) { return response::text(std::string(1'000'000, 'x')); });
  s.get("/who",
        [](const request& req) { return response::text(req.remote_address() + " " + std::string(req.host())); });
  s.get("/throws", [](const request&) -> response { throw std::runtime_error("broken"); });
  s.get("/throws-later", [](const request&) -> task<response> {
    co_await sleep_for(1ms);
    throw 1;
  });
  s.get("/splits", [](const request& req) { return response().header("Location", req.query("to").value_or("")); });
  s.get("/no-status", [](const request&) { return response(99); });
}

}  // namespace

TEST_CASE("HTTP handlers respond synchronously or as tasks with parameters and query") {
  const running_server s(add_routes);
  CHECK(http_exchange(s.port(), get("/healthz")).body == "ok");
  const raw_response later = http_exchange(s.port(), get("/slow/blue%20one?q=!%21"));
  CHECK(later.status == 200);
  CHECK(later["content-type"] == "application/json");
  CHECK(later.body == "[\"blue one!!\"]");
  CHECK_THAT(http_exchange(s.port(), get("/who")).body,
             Catch::StartsWith("127.0.0.1:") && Catch::EndsWith(" localhost"));
}

TEST_CASE("a request body arrives with Content-Length and chunked encoding") {
  const running_server s(add_routes);
  CHECK(http_exchange(s.port(), "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello").body == "hello");
  CHECK(http_exchange(
            s.port(),
            "POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nX: "
            "y\r\n\r\n")
            .body == "hello");
  CHECK(http_exchange(s.port(), "PUT /body HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").status == 204);
}

TEST_CASE("Expect: 100-continue is answered with 100 (Continue)") {
  const running_server s(add_routes);
  raw_client client(s.port());
  client.send("POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.read_response().status == 100);
  client.send("hello");
  CHECK(client.read_response().body == "hello");
}

TEST_CASE("up to 16 empty lines before a request are skipped") {
  const running_server s(add_routes);
  raw_client client(s.port());
  client.send("\r\n" + get("/healthz") + "\r\n\r\n" + get("/healthz"));
  CHECK(client.read_response().body == "ok");
  CHECK(client.read_response().body == "ok");
  // Also for a request that arrives byte by byte after the content of another one.
  for (const char c : "\r\n\r\n" + get("/healthz")) client.send(std::string_view(&c, 1));
  CHECK(client.read_response().body == "ok");
  client.send("POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab\r\n" + get("/healthz"));
  CHECK(client.read_response().body == "ab");
  CHECK(client.read_response().body == "ok");
  std::string many;
  for (int i = 0; i < 17; ++i) many += "\r\n";
  client.send(many + get("/healthz"));
  CHECK(client.read_response().status == 400);
  CHECK(client.ended());
}

TEST_CASE("a connection with only empty lines gets no response") {
  const running_server s(add_routes);
  raw_client client(s.port());
  client.send("\r\n\r\n");
  client.finish();
  CHECK(client.ended());
}

TEST_CASE("HEAD is answered like GET without the body") {
  const running_server s(add_routes);
  raw_client client(s.port());
  client.send("HEAD /large HTTP/1.1\r\nHost: a\r\n\r\n" + get("/healthz"));
  const raw_response head = client.read_response(true);
  CHECK(head.status == 200);
  CHECK(head["content-length"] == "1000000");
  CHECK(client.read_response().body == "ok");
}

TEST_CASE("an unknown path is answered 404 and a wrong method 405 with Allow") {
  const running_server s(add_routes);
  const raw_response missing = http_exchange(s.port(), get("/nowhere"));
  CHECK(missing.status == 404);
  CHECK_THAT(missing.body, Catch::Contains("/nowhere"));
  const raw_response other = http_exchange(s.port(), get("/body"));
  CHECK(other.status == 405);
  CHECK(other["allow"] == "POST, PUT");
  CHECK(http_exchange(s.port(), "DELETE /healthz HTTP/1.1\r\nHost: a\r\n\r\n")["allow"] == "GET, HEAD");
  CHECK(http_exchange(s.port(), "BREW /healthz HTTP/1.1\r\nHost: a\r\n\r\n").status == 405);
}

TEST_CASE("a connection serves consecutive and pipelined requests") {
  const running_server s(add_routes);
  raw_client client(s.port());
  client.send(get("/healthz"));
  CHECK(client.read_response().body == "ok");
  std::string ahead;
  for (int i = 0; i < 50; ++i) ahead += get("/slow/" + std::to_string(i));
  client.send(ahead + "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc" + get("/large") +
              get("/healthz"));
  for (int i = 0; i < 50; ++i) CHECK(client.read_response().body == "[\"" + std::to_string(i) + "\"]");
  CHECK(client.read_response().body == "abc");
  CHECK(client.read_response().body.size() == 1'000'000);
  CHECK(client.read_response().body == "ok");
}

TEST_CASE("a request may arrive byte by byte") {
  const running_server s(add_routes);
  raw_client client(s.port());
  for (const char c : get("/healthz")) client.send(std::string_view(&c, 1));
  CHECK(client.read_response().body == "ok");
}

TEST_CASE("Connection: close and HTTP/1.0 end the connection after the response") {
  const running_server s(add_routes);
  const auto text =
      GENERATE("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET /healthz HTTP/1.0\r\n\r\n",
               "GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  raw_client client(s.port());
  client.send(text);
  const raw_response reply = client.read_response();
  CHECK(reply.body == "ok");
  CHECK(reply["connection"] == "close");
  CHECK(client.ended());
}

TEST_CASE("malformed requests are rejected and the connection is closed") {
  struct row {
    const char* text;
    int status;
  };
  const auto r = GENERATE(
      row{"nonsense\r\n\r\n", 400}, row{"GET / HTTP/1.1\r\n\r\n", 400}, row{"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
      row{"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400}, row{"GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      row{"GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400}, row{"GET / HTTP/1.1\r\nHost: a\r\nA B: c\r\n\r\n", 400},
      row{"GET / HTTP/1.1\r\nHost: a\r\nA : c\r\n\r\n", 400}, row{"GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", 400},
      row{"POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400},
      row{"POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400},
      row{"POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400},
      row{"POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      row{"POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400},
      row{"POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
      row{"POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501});
  CAPTURE(r.text);
  const running_server s(add_routes);
  raw_client client(s.port());
  client.send(r.text);
  const raw_response reply = client.read_response();
  CHECK(reply.status == r.status);
  CHECK(reply["content-type"] == "text/plain; charset=utf-8");
  CHECK_FALSE(reply.body.empty());
  CHECK(reply["connection"] == "close");
  CHECK(client.ended());
}

TEST_CASE("a handler that throws or returns an invalid response is answered 500 and logged") {
  std::vector<std::string> logged;
  server_options options;
  options.log = [&](const log_entry& e) {
    if (e.level == twinsocket::log_level::error) logged.push_back(std::string(e.target) + " " + std::string(e.detail));
  };
  {
    const running_server s(add_routes, options);
    raw_client client(s.port());
    for (const auto target : {"/throws", "/throws-later", "/splits?to=a%0d%0aSet-Cookie:x=1", "/no-status"}) {
      CAPTURE(target);
      client.send(get(target));
      const raw_response reply = client.read_response();
      CHECK(reply.status == 500);
      CHECK(reply["set-cookie"].empty());
      CHECK_THAT(reply.body, !Catch::Contains("broken"));
    }
    client.send(get("/healthz"));
    CHECK(client.read_response().body == "ok");
  }
  REQUIRE(logged.size() == 4);
  CHECK(logged[0] == "/throws broken");
  CHECK_THAT(logged[1], Catch::Contains("std::exception"));
  CHECK_THAT(logged[2], Catch::Contains("\"Location\""));
  CHECK_THAT(logged[3], Catch::Contains("99"));
}

TEST_CASE("server_options::headers are added to every response") {
  server_options options;
  options.headers = {{"Content-Security-Policy", "default-src 'self'"}};
  const running_server s(add_routes, options);
  for (const auto target : {"/healthz", "/nowhere", "/%zz"}) {
    const raw_response reply = http_exchange(s.port(), get(target));
    CHECK(reply["content-security-policy"] == "default-src 'self'");
    CHECK(reply["x-content-type-options"] == "nosniff");
    CHECK_FALSE(reply["date"].empty());
  }
}

TEST_CASE("a port in use is an error of listen() that names it with any number of threads") {
  const unsigned theirs = GENERATE(1U, 2U);
  const unsigned ours = GENERATE(1U, 2U);
  CAPTURE(theirs, ours);
  server_options options;
  options.threads = theirs;
  const running_server s(add_routes, options);
  server second({.address = "127.0.0.1", .port = s.port(), .threads = ours});
  const auto listening = second.listen();
  REQUIRE_FALSE(listening);
  CHECK(listening.error() == errc::system);
  CHECK(listening.error().cause() == std::errc::address_in_use);
  CHECK_THAT(listening.error().message(), Catch::Contains("127.0.0.1:" + std::to_string(s.port())));
  const auto ran = second.run();
  REQUIRE_FALSE(ran.has_value());
  CHECK(ran.error() == errc::system);
}

TEST_CASE("an address that cannot be bound is an error of listen() that names it") {
  server unknown({.address = "nowhere.invalid", .port = 0});
  CHECK_THAT(unknown.listen().error().message(), Catch::Contains("nowhere.invalid"));
  server foreign({.address = "192.0.2.1", .port = 0});
  CHECK_THAT(foreign.listen().error().message(), Catch::Contains("192.0.2.1"));
}

TEST_CASE("a host name is resolved for listening") {
  server s({.address = "localhost", .port = 0});
  const auto port = s.listen();
  REQUIRE(port);
  CHECK(*port != 0);
  CHECK(*port == s.port());
  CHECK(*s.listen() == *port);
}

TEST_CASE("invalid routes and options are errors of listen()") {
  const auto answer = [](const request&) { return response(); };
  struct row {
    const char* named;
    std::function<void(server&)> add;
  };
  const std::vector<row> rows{
      {"\"no-slash\"", [&](server& s) { s.get("no-slash", answer); }},
      {"\"/a\"", [&](server& s) { s.get("/a", answer), s.get("/a", answer); }},
      {"\"/{y}\"", [&](server& s) { s.get("/{x}", answer), s.post("/{y}", answer); }},
      {"\"/a\"", [&](server& s) { s.websocket("/a", echo), s.websocket("/a", echo); }},
      {"\"a b\"", [&](server& s) { s.websocket("/a", twinsocket::websocket_options().subprotocol("a b"), echo); }},
      {"\"example.com\"",
       [&](server& s) { s.websocket("/a", twinsocket::websocket_options().origin("example.com"), echo); }},
      {"\"/nowhere/at/all\"", [&](server& s) { s.files("/", "/nowhere/at/all"); }},
      {"\"G T\"", [&](server& s) { s.on("G T", "/a", answer); }},
      {"\"Date\"", [&](server& s) { s.files("/", "/", twinsocket::file_options().header("Date", "now")); }},
  };
  for (const row& r : rows) {
    CAPTURE(r.named);
    server s({.address = "127.0.0.1", .port = 0});
    r.add(s);
    const auto listening = s.listen();
    REQUIRE_FALSE(listening);
    CHECK(listening.error() == errc::invalid_argument);
    CHECK_THAT(listening.error().detail(), Catch::Contains(r.named));
  }
  server_options options{.address = "127.0.0.1", .port = 0};
  options.headers = {{"X-A", "b\r\n"}};
  server s(options);
  CHECK(s.listen().error() == errc::invalid_argument);
}

TEST_CASE("several threads share one port and all of them serve") {
  std::mutex mutex;
  std::set<std::thread::id> threads;
  server_options options;
  options.threads = 2;
  const running_server s(
      [&](server& to) {
        to.get("/", [&](const request&) {
          const std::scoped_lock lock(mutex);
          threads.insert(std::this_thread::get_id());
          return response();
        });
      },
      options);
  // The kernel distributes connections over the threads by their ports. All 64 on one thread has a chance of one in
  // 2^63.
  for (int i = 0; i < 64; ++i) CHECK(http_exchange(s.port(), get("/")).status == 200);
  const std::scoped_lock lock(mutex);
  CHECK(threads.size() == 2);
}

TEST_CASE("the log hook receives requests, rejected upgrades, opens and shutdown") {
  std::mutex mutex;
  std::vector<std::string> logged;
  server_options options;
  options.log = [&](const log_entry& e) {
    const std::scoped_lock lock(mutex);
    std::string line(e.event);
    if (!e.target.empty()) line.append(" ").append(e.target).append(" ").append(e.detail);
    logged.push_back(line + (e.remote_address.starts_with("127.0.0.1:") ? " by a client" : ""));
  };
  {
    running_server s(
        [](server& to) {
          add_routes(to);
          to.websocket("/echo", echo);
        },
        options);
    CHECK(http_exchange(s.port(), get("/healthz")).status == 200);
    CHECK(http_exchange(s.port(), get("/echo", "Sec-WebSocket-Key: x\r\n")).status == 400);
    CHECK(http_exchange(s.port(), get("/%zz")).status == 400);
    raw_client client = open_websocket(s.port(), "/echo");
  }
  CHECK(logged == std::vector<std::string>{
                      "listening", "answered /healthz 200 by a client",
                      "upgrade refused /echo 400 there is no \"Upgrade: websocket\" by a client",
                      "answered /echo 400 by a client",
                      "request refused /%zz 400 \"%zz\" in the path is not percent-encoded text by a client",
                      "answered /%zz 400 by a client", "websocket opened /echo  by a client", "stopping", "stopped"});
}
