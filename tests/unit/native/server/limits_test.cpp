// Limits of the server.

#include <sys/resource.h>
#include <unistd.h>

#include "test.hpp"
#include <chrono>
#include <vector>

#include "raw_client.hpp"
#include "running_server.hpp"

using namespace std::chrono_literals;
using twinsocket::request;
using twinsocket::response;
using twinsocket::server;
using twinsocket::server_options;

namespace {

void add_routes(server& s) {
  s.websocket("/echo", echo);
  s.get("/healthz", [](const request&) { return response::text("ok"); });
  s.post("/body", [](const request& req) { return response::text(std::to_string(req.body().size())); });
  // More than the network buffers if the client does not read.
  s.get("/large", [](const request&) { return response::text(std::string(64 << 20, 'x')); });
}

constexpr const char* healthz = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";

server_options quick() {
  server_options options;
  options.websockets.limits(twinsocket::limits().handshake_timeout(100ms));
  return options;
}

}  // namespace

TEST_CASE("a header that does not arrive within handshake_timeout is answered 408") {
  const running_server s(add_routes, quick());
  raw_client client(s.port());
  client.send("GET /healthz HTTP/1.1\r\nHost: a\r\n");
  const raw_response reply = client.read_response();
  CHECK(reply.status == 408);
  CHECK_THAT(reply.body, Catch::Contains("100 ms"));
  CHECK(client.ended());
}

TEST_CASE("a header that arrives slowly does not extend handshake_timeout") {
  const running_server s(add_routes, quick());
  raw_client client(s.port());
  const auto begin = std::chrono::steady_clock::now();
  client.send("GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: ");
  client.send("a");
  CHECK(client.read_response().status == 408);
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
}

TEST_CASE("a body that does not arrive within the timeout is answered 408") {
  const running_server s(add_routes, quick());
  raw_client client(s.port());
  client.send("POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
  CHECK(client.read_response().status == 408);
}

TEST_CASE("a connection without any request is closed without a response") {
  const running_server s(add_routes, quick());
  raw_client client(s.port());
  CHECK(client.ended());
}

TEST_CASE("idle_timeout closes a keep-alive connection") {
  server_options options = quick();
  options.idle_timeout = 200ms;
  const running_server s(add_routes, options);
  raw_client client(s.port());
  client.send(healthz);
  CHECK(client.read_response().body == "ok");
  const auto begin = std::chrono::steady_clock::now();
  CHECK(client.ended());
  CHECK(std::chrono::steady_clock::now() - begin >= 190ms);
}

TEST_CASE("handshake_timeout and the HTTP idle_timeout do not apply to an open WebSocket") {
  server_options options = quick();
  options.idle_timeout = 50ms;
  const running_server s(add_routes, options);
  raw_client client = open_websocket(s.port(), "/echo");
  // The idle HTTP connection is closed; the WebSocket, which is older, is not.
  raw_client idle(s.port());
  idle.send(healthz);
  CHECK(idle.read_response().body == "ok");
  CHECK(idle.ended());
  client.send(client_text("still here"));
  CHECK(client.read_frame().payload == "still here");
}

TEST_CASE("a client that reads nothing of its response is disconnected after idle_timeout") {
  server_options options;
  options.idle_timeout = 100ms;
  const running_server s(add_routes, options);
  raw_client client(s.port());
  client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  // The server drops the connection while we do not read, so only what it had sent by then arrives.
  raw_client witness(s.port());
  for (int i = 0; i < 3; ++i) {
    raw_client idle(s.port());
    idle.send(healthz);
    CHECK(idle.read_response().body == "ok");
    CHECK(idle.ended());
  }
  CHECK_THROWS(client.read_response());
}

TEST_CASE("requests over the limits are answered 431, 414 or 413") {
  server_options options;
  options.max_header_size = 1024;
  options.max_body_size = 1000;
  const running_server s(add_routes, options);
  struct row {
    const char* what;
    std::string text;
    int status;
  };
  const auto r = GENERATE(
      row{"a long header", "GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: " + std::string(2000, 'x') + "\r\n\r\n", 431},
      row{"a long header that does not end", "GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: " + std::string(5000, 'x'), 431},
      row{"many headers",
          [] {
            std::string text = "GET /healthz HTTP/1.1\r\nHost: a\r\n";
            for (int i = 0; i < 500; ++i) text += "a:\r\n";
            return text + "\r\n";
          }(),
          431},
      row{"a long target", "GET /" + std::string(2000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
      row{"a long target that does not end", "GET /" + std::string(100'000, 'x'), 414},
      row{"long content", "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n" + std::string(1001, 'x'),
          413},
      row{"very long content", "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999\r\n\r\n", 413},
      row{"long chunks",
          "POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1f4\r\n" + std::string(500, 'x') +
              "\r\n1f5\r\n" + std::string(501, 'x') + "\r\n0\r\n\r\n",
          413});
  CAPTURE(r.what);
  raw_client client(s.port());
  client.send(r.text);
  CHECK(client.read_response().status == r.status);
  CHECK(client.ended());
}

TEST_CASE("a header and a body at the limits are accepted") {
  server_options options;
  options.max_header_size = 1024;
  options.max_body_size = 1000;
  const running_server s(add_routes, options);
  raw_client client(s.port());
  client.send("GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: " + std::string(900, 'x') + "\r\n\r\n");
  CHECK(client.read_response().body == "ok");
  client.send("POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'x'));
  CHECK(client.read_response().body == "1000");
}

TEST_CASE("a connection over max_connections is answered 503 until another one ends") {
  server_options options;
  options.max_connections = 2;
  const running_server s(add_routes, options);
  raw_client first = open_websocket(s.port(), "/echo");
  {
    const raw_client second = open_websocket(s.port(), "/echo");
    raw_client third(s.port());
    third.send(healthz);
    const raw_response reply = third.read_response();
    CHECK(reply.status == 503);
    CHECK(reply["retry-after"] == "1");
    CHECK(third.ended());
  }
  // The server sees the end of the second connection a moment later.
  raw_response reply;
  for (int i = 0; i < 1000 && reply.status != 200; ++i) {
    raw_client again(s.port());
    again.send(healthz);
    reply = again.read_response();
  }
  CHECK(reply.status == 200);
  first.send(client_text("undisturbed"));
  CHECK(first.read_frame().payload == "undisturbed");
}

TEST_CASE("a closing WebSocket counts toward max_connections until its TCP connection ends") {
  server_options options;
  options.max_connections = 1;
  const running_server s(add_routes, options);
  const auto http_exchange = [&] {
    raw_client client(s.port());
    client.send(healthz);
    return client.read_response().status;
  };
  {
    raw_client first = open_websocket(s.port(), "/echo");
    first.send(client_close(1000));
    CHECK(first.read_frame().close_code() == 1000);
    CHECK(first.ended());
    // Our side of the connection is still open.
    CHECK(http_exchange() == 503);
  }
  int status = 0;
  for (int i = 0; i < 1000 && status != 200; ++i) status = http_exchange();
  CHECK(status == 200);
}

TEST_CASE("max_connections_per_address limits the connections of one address") {
  server_options options;
  options.max_connections_per_address = 1;
  options.address = "0.0.0.0";
  const running_server s(add_routes, options);
  const raw_client first = open_websocket(s.port(), "/echo");
  raw_client second(s.port());
  second.send(healthz);
  CHECK(second.read_response().status == 503);
}

TEST_CASE("after EMFILE the server accepts again when a descriptor is available") {
  const running_server s(add_routes);
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  const int next = ::dup(0);
  REQUIRE(next >= 0);
  ::close(next);
  // One descriptor for the client, none for the server's end.
  const rlimit one_more{.rlim_cur = static_cast<rlim_t>(next) + 1, .rlim_max = before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &one_more) == 0);
  raw_client client(s.port());
  client.send(healthz);
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK(client.read_response().body == "ok");
}
