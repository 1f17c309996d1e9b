// WebSockets on real connections: opening handshakes, who is accepted, and the data that a handler gets.

#include "test.hpp"
#include <future>
#include <mutex>
#include <stdexcept>

#include "raw_client.hpp"
#include "running_server.hpp"
#include "twinsocket/connect.hpp"
#include "twinsocket/native/run.hpp"

using namespace std::chrono_literals;
using twinsocket::admission;
using twinsocket::connection;
using twinsocket::log_entry;
using twinsocket::request;
using twinsocket::response;
using twinsocket::server;
using twinsocket::server_options;
using twinsocket::sleep_for;
using twinsocket::task;
using twinsocket::websocket_options;

TEST_CASE("a WebSocket opens, echoes and closes") {
  const running_server s([](server& to) { to.websocket("/echo", echo); });
  raw_client client = open_websocket(s.port(), "/echo");
  client.send(client_text("hello"));
  CHECK(client.read_frame().payload == "hello");
  const std::string large(200'000, 'x');
  client.send(client_frame(2, large));
  const raw_frame back = client.read_frame();
  CHECK(back.opcode == 2);
  CHECK(back.payload == large);
  client.send(client_close(1000));
  const raw_frame closed = client.read_frame();
  CHECK(closed.opcode == 8);
  CHECK(closed.close_code() == 1000);
  CHECK(client.ended());
}

TEST_CASE("an accepted handshake with Expect: 100-continue is answered with 100 and then 101") {
  const running_server s([](server& to) {
    to.websocket("/echo", echo);
    to.websocket("/closed", websocket_options().on_request([](const request&) { return admission(response(403)); }),
                 echo);
  });
  raw_client client(s.port());
  client.send(upgrade_request("/echo", "Expect: 100-continue\r\n"));
  CHECK(client.read_response().status == 100);
  CHECK(client.read_response().status == 101);
  client.send(client_text("hello"));
  CHECK(client.read_frame().payload == "hello");
  // A refused request gets no 100 (Continue).
  CHECK(http_exchange(s.port(), upgrade_request("/closed", "Expect: 100-continue\r\n")).status == 403);
}

TEST_CASE("both ends report matching local and remote addresses") {
  std::string at_server;
  const running_server s([&](server& to) {
    to.websocket("/", [&](connection socket) -> task<void> {
      at_server = socket.local_address() + " " + socket.remote_address();
      co_await socket.close();
    });
  });
  const std::string at_client = twinsocket::native::run([](std::string url) -> task<std::string> {
    auto socket = co_await twinsocket::connect(std::move(url));
    if (!socket) co_return socket.error().message();
    std::string both = socket->remote_address() + " " + socket->local_address();
    co_await socket->closed();
    co_return both;
  }("ws://127.0.0.1:" + std::to_string(s.port()) + "/"));
  CHECK(at_server == at_client);
  CHECK(at_server.starts_with("127.0.0.1:" + std::to_string(s.port()) + " 127.0.0.1:"));
}

TEST_CASE("frames received with the handshake are delivered") {
  const running_server s([](server& to) { to.websocket("/echo", echo); });
  raw_client client(s.port());
  client.send(upgrade_request("/echo") + client_text("one") + client_text("two") + client_text("thr").substr(0, 5));
  CHECK(client.read_response().status == 101);
  CHECK(client.read_frame().payload == "one");
  CHECK(client.read_frame().payload == "two");
  client.send(client_text("thr").substr(5));
  CHECK(client.read_frame().payload == "thr");
}

TEST_CASE("a message received with the handshake is answered before the close that follows it") {
  const running_server s([](server& to) { to.websocket("/echo", echo); });
  const auto [last, code] = GENERATE(std::pair(client_close(3000), 3000), std::pair(client_frame(3, ""), 1002));
  raw_client client(s.port());
  client.send(upgrade_request("/echo") + client_text("one") + client_frame(9, "") + last);
  CHECK(client.read_response().status == 101);
  CHECK(client.read_frame().payload == "one");
  CHECK(client.read_frame().opcode == 10);
  CHECK(client.read_frame().close_code() == code);
  CHECK(client.ended());
}

TEST_CASE("a request hook that throws an exception with an empty text is answered 500") {
  const running_server s([](server& to) {
    to.websocket("/", websocket_options().on_request([](const request&) -> admission { throw std::runtime_error(""); }),
                 echo);
  });
  CHECK(http_exchange(s.port(), upgrade_request("/")).status == 500);
}

TEST_CASE("an exception closes the connection with 1011 wherever the connection was moved") {
  const running_server s([](server& to) {
    to.websocket("/", [](connection socket) -> task<void> {
      const auto inner = [](connection own) -> task<void> {
        const auto message = co_await own.receive();
        throw std::runtime_error("no");
      };
      co_await inner(std::move(socket));
    });
  });
  raw_client client = open_websocket(s.port(), "/");
  client.send(client_text("x"));
  CHECK(client.read_frame().close_code() == 1011);
}

TEST_CASE("a large message received with the handshake is delivered") {
  const running_server s([](server& to) { to.websocket("/echo", echo); });
  raw_client client(s.port());
  const std::string large(300'000, 'x');
  client.send(upgrade_request("/echo") + client_text(large));
  CHECK(client.read_response().status == 101);
  CHECK(client.read_frame().payload == large);
}

TEST_CASE("a WebSocket can open on a connection with earlier requests") {
  const running_server s([](server& to) {
    to.websocket("/echo", echo);
    to.get("/healthz", [](const request&) { return response::text("ok"); });
  });
  raw_client client(s.port());
  client.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n" + upgrade_request("/echo") + client_text("hello"));
  CHECK(client.read_response().body == "ok");
  CHECK(client.read_response().status == 101);
  CHECK(client.read_frame().payload == "hello");
}

TEST_CASE("the request is valid while the handler runs") {
  const running_server s([](server& to) {
    to.websocket("/room/{name}", [](connection socket, const request& req) -> task<void> {
      while (auto message = co_await socket.receive()) {
        std::string text = std::string(req.parameter("name")) + " " + req.query("who").value_or("nobody") + " ";
        text += req.cookie("session").value_or("");
        co_await socket.send(text);
      }
    });
  });
  raw_client client = open_websocket(s.port(), "/room/blue%20one?who=jan", "Cookie: session=42\r\n");
  for (int i = 0; i < 3; ++i) {
    client.send(client_text("?"));
    CHECK(client.read_frame().payload == "blue one jan 42");
  }
}

TEST_CASE("a handler that returns closes with 1000 and one that throws with 1011") {
  std::mutex mutex;
  std::vector<std::string> logged;
  server_options options;
  options.log = [&](const log_entry& e) {
    const std::scoped_lock lock(mutex);
    if (e.level == twinsocket::log_level::error) logged.emplace_back(e.detail);
  };
  const running_server s(
      [](server& to) {
        to.websocket("/ends", [](connection socket) -> task<void> { co_await socket.send("bye"); });
        to.websocket("/throws", [](connection socket) -> task<void> {
          static_cast<void>(co_await socket.receive());
          throw std::runtime_error("broken");
        });
        to.websocket("/throws-something", [](connection, const request&) -> task<void> {
          co_await sleep_for(1ms);
          throw 42;
        });
      },
      options);
  raw_client ends = open_websocket(s.port(), "/ends");
  CHECK(ends.read_frame().payload == "bye");
  CHECK(ends.read_frame().close_code() == 1000);
  raw_client throws = open_websocket(s.port(), "/throws");
  throws.send(client_text("go"));
  const raw_frame closed = throws.read_frame();
  CHECK(closed.close_code() == 1011);
  CHECK_THAT(closed.payload, !Catch::Contains("broken"));
  CHECK(open_websocket(s.port(), "/throws-something").read_frame().close_code() == 1011);
  CHECK(open_websocket(s.port(), "/ends").read_frame().payload == "bye");
  const std::scoped_lock lock(mutex);
  REQUIRE(logged.size() == 2);
  CHECK_THAT(logged[0], Catch::Contains("broken"));
}

TEST_CASE("an invalid opening handshake is answered 400 and ends the connection") {
  const running_server s([](server& to) { to.websocket("/echo", echo); });
  raw_client client(s.port());
  client.send(
      "GET /echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n"
      "Sec-WebSocket-Version: 13\r\n\r\n" +
      client_text("hello"));
  const raw_response reply = client.read_response();
  CHECK(reply.status == 400);
  CHECK_THAT(reply.body, Catch::Contains("\"x\""));
  CHECK(client.ended());
}

TEST_CASE("a plain GET of a WebSocket route is answered 426 and the connection stays usable") {
  const running_server s([](server& to) { to.websocket("/echo", echo); });
  raw_client client(s.port());
  client.send("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
  const raw_response reply = client.read_response();
  CHECK(reply.status == 426);
  CHECK(reply["upgrade"] == "websocket");
  CHECK(reply["connection"] == "Upgrade");
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
  const raw_response post = client.read_response();
  CHECK(post.status == 405);
  CHECK(post["allow"] == "GET");
  client.send(upgrade_request("/echo"));
  CHECK(client.read_response().status == 101);
}

TEST_CASE("an unsupported Sec-WebSocket-Version is answered 426 with the supported version") {
  const running_server s([](server& to) { to.websocket("/echo", echo); });
  const raw_response reply =
      http_exchange(s.port(),
                    "GET /echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 8\r\n\r\n");
  CHECK(reply.status == 426);
  CHECK(reply["sec-websocket-version"] == "13");
}

TEST_CASE("a path may have both a GET handler and a WebSocket") {
  const running_server s([](server& to) {
    to.websocket("/echo", echo);
    to.get("/echo", [](const request&) { return response::html("<p>a page"); });
  });
  CHECK(http_exchange(s.port(), "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n").body == "<p>a page");
  CHECK(http_exchange(s.port(), upgrade_request("/echo")).status == 101);
  CHECK(http_exchange(s.port(), "DELETE /echo HTTP/1.1\r\nHost: a\r\n\r\n")["allow"] == "GET, HEAD");
}

TEST_CASE("an upgrade request for a plain route is answered by its HTTP handler") {
  const running_server s([](server& to) { to.get("/page", [](const request&) { return response::text("page"); }); });
  CHECK(http_exchange(s.port(), upgrade_request("/page")).body == "page");
  CHECK(http_exchange(s.port(), upgrade_request("/nowhere")).status == 404);
}

TEST_CASE("a foreign Origin is answered 403 with the origin and the host") {
  const running_server s([](server& to) {
    to.websocket("/own", echo);
    to.websocket("/friends", websocket_options().origin("https://*.example.com"), echo);
    to.websocket("/all", websocket_options().any_origin(), echo);
  });
  struct row {
    const char* target;
    const char* origin;
    int status;
  };
  const auto r = GENERATE(row{"/own", "", 101}, row{"/own", "Origin: http://localhost\r\n", 101},
                          row{"/own", "Origin: https://evil.example\r\n", 403}, row{"/own", "Origin: null\r\n", 403},
                          row{"/own", "Origin:\r\n", 403}, row{"/friends", "Origin: https://www.example.com\r\n", 101},
                          row{"/friends", "Origin: http://localhost\r\n", 101},
                          row{"/friends", "Origin: https://evil.example\r\n", 403},
                          row{"/all", "Origin: https://evil.example\r\n", 101}, row{"/all", "Origin: null\r\n", 101});
  CAPTURE(r.target, r.origin);
  const raw_response reply = http_exchange(s.port(), upgrade_request(r.target, r.origin));
  CHECK(reply.status == r.status);
  if (std::string(r.origin).find("evil") != std::string::npos && reply.status == 403)
    CHECK_THAT(reply.body, Catch::Contains("\"https://evil.example\"") && Catch::Contains("\"localhost\""));
}

TEST_CASE("two Origin fields are answered 403") {
  const running_server s([](server& to) { to.websocket("/own", echo); });
  CHECK(http_exchange(s.port(), upgrade_request("/own", "Origin: http://localhost\r\nOrigin: https://evil.example\r\n"))
            .status == 403);
}

TEST_CASE("the selected subprotocol is in the response and in subprotocol()") {
  const running_server s([](server& to) {
    to.websocket("/", websocket_options().subprotocol("b").subprotocol("a"),
                 [](connection socket) -> task<void> { co_await socket.send(socket.subprotocol()); });
  });
  raw_client client(s.port());
  client.send(upgrade_request("/", "Sec-WebSocket-Protocol: a, b\r\n"));
  CHECK(client.read_response()["sec-websocket-protocol"] == "b");
  CHECK(client.read_frame().payload == "b");
  CHECK(
      http_exchange(s.port(), upgrade_request("/", "Sec-WebSocket-Protocol: c\r\n"))["sec-websocket-protocol"].empty());
  CHECK(http_exchange(s.port(), upgrade_request("/", "Sec-WebSocket-Protocol: a, a\r\n")).status == 400);
}

TEST_CASE("a request hook may reject the request or add response headers") {
  const auto let_in = [](const request& req) -> admission {
    const auto session = req.cookie("session");
    if (!session) return response::text("log in first").status(401).header("WWW-Authenticate", "Cookie");
    if (*session == "bad") return response(500).header("X-A", "b\r\nc");
    if (*session == "throw") throw std::runtime_error("no database");
    return admission().header("Set-Cookie", "a=1").header("Set-Cookie", "b=2");
  };
  const running_server s([&](server& to) {
    to.websocket("/now", websocket_options().on_request(let_in), echo);
    to.websocket("/later", websocket_options().on_request([let_in](const request& req) -> task<admission> {
      co_await sleep_for(1ms);
      co_return let_in(req);
    }),
                 echo);
  });
  const auto target = GENERATE("/now", "/later");
  CAPTURE(target);
  const raw_response refused = http_exchange(s.port(), upgrade_request(target));
  CHECK(refused.status == 401);
  CHECK(refused.body == "log in first");
  CHECK(refused["www-authenticate"] == "Cookie");
  const raw_response opened = http_exchange(s.port(), upgrade_request(target, "Cookie: session=1\r\n"));
  CHECK(opened.status == 101);
  CHECK(opened["set-cookie"] == "a=1, b=2");
  CHECK(opened["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  CHECK(http_exchange(s.port(), upgrade_request(target, "Cookie: session=bad\r\n")).status == 500);
  CHECK(http_exchange(s.port(), upgrade_request(target, "Cookie: session=throw\r\n")).status == 500);
}

TEST_CASE("a request hook over request_hook_timeout is answered 503 and may still use the request") {
  std::promise<std::string> later;
  const running_server s([&](server& to) {
    to.websocket("/{name}",
                 websocket_options()
                     .on_request([&](const request& req) -> task<admission> {
                       co_await sleep_for(100ms);
                       later.set_value(std::string(req.parameter("name")));
                       co_return admission();
                     })
                     .request_hook_timeout(10ms),
                 echo);
  });
  raw_client client(s.port());
  client.send(upgrade_request("/blue"));
  const raw_response reply = client.read_response();
  CHECK(reply.status == 503);
  CHECK_THAT(reply.body, Catch::Contains("10 ms"));
  CHECK(client.ended());
  CHECK(later.get_future().get() == "blue");
}

TEST_CASE("server_options::websockets applies to routes without their own options") {
  server_options options;
  options.websockets.any_origin().limits(twinsocket::limits().max_message_size(10));
  const running_server s(
      [](server& to) {
        to.websocket("/as-all", echo);
        to.websocket("/own", websocket_options(), echo);
      },
      options);
  raw_client client = open_websocket(s.port(), "/as-all", "Origin: https://elsewhere.example\r\n");
  client.send(client_text("more than ten bytes"));
  CHECK(client.read_frame().close_code() == 1009);
  CHECK(http_exchange(s.port(), upgrade_request("/own", "Origin: https://elsewhere.example\r\n")).status == 403);
}

TEST_CASE("a hundred WebSockets on two threads exchange messages concurrently") {
  server_options options;
  options.threads = 2;
  const running_server s([](server& to) { to.websocket("/echo", echo); }, options);
  std::vector<raw_client> clients;
  for (int i = 0; i < 100; ++i) clients.push_back(open_websocket(s.port(), "/echo"));
  for (int round = 0; round < 3; ++round) {
    for (std::size_t i = 0; i < clients.size(); ++i) clients[i].send(client_text(std::to_string(i)));
    for (std::size_t i = 0; i < clients.size(); ++i) CHECK(clients[i].read_frame().payload == std::to_string(i));
  }
}
