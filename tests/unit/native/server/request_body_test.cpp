// Request content that a handler reads in pieces, on real connections.

#include "test.hpp"
#include <algorithm>
#include <stdexcept>
#include <thread>

#include "raw_client.hpp"
#include "request_text.hpp"
#include "running_server.hpp"

using namespace std::chrono_literals;
using twinsocket::request;
using twinsocket::request_body;
using twinsocket::response;
using twinsocket::response_writer;
using twinsocket::server;
using twinsocket::server_options;
using twinsocket::sleep_for;
using twinsocket::task;

namespace {

// Returns how much was received, the largest piece, and the reason of the end.
task<response> measure(const request& req, request_body& body) {
  std::size_t total = 0;
  std::size_t largest = 0;
  std::string text = body.size() ? "of " + std::to_string(*body.size()) : "of an unknown size";
  while (!body.at_end()) {
    const auto piece = co_await body.read();
    if (!piece) co_return response::text(text + ": " + piece.error().message()).status(400);
    total += piece->size();
    largest = std::max(largest, piece->size());
  }
  const auto at_end = co_await body.read();
  co_return response::text(text + ": " + std::to_string(total) + (largest <= 64 * 1024 ? "" : ", too much at once") +
                           (at_end && at_end->empty() ? "" : ", no end") + (req.body().empty() ? "" : ", kept"));
}

void add_routes(server& s) {
  s.post("/measure", measure);
  s.post("/refuse", [](const request&, request_body&) -> task<response> { co_return response(401); });
  s.post("/whole", [](const request& req) { return response::text(std::to_string(req.body().size())); });
  s.get("/healthz", [](const request&) { return response::text("ok"); });
}

std::string post(std::string_view target, std::size_t length, std::string_view fields = {}) {
  return "POST " + std::string(target) + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(length) + "\r\n" +
         std::string(fields) + "\r\n";
}

}  // namespace

TEST_CASE("request_body reads content of any size in pieces, beyond max_body_size") {
  const running_server s(add_routes);
  raw_client client(s.port());
  constexpr std::size_t size = 30'000'000;
  client.send(post("/measure", size));
  const std::string part(100'000, 'x');
  for (std::size_t sent = 0; sent < size; sent += part.size()) client.send(part);
  CHECK(client.read_response().body == "of 30000000: 30000000");
  // With chunked encoding, on the same connection.
  client.send("POST /measure HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 10; ++i) client.send("186a0\r\n" + part + "\r\n");
  client.send("0\r\nX-Trailer: y\r\n\r\n" + get("/healthz"));
  CHECK(client.read_response().body == "of an unknown size: 1000000");
  CHECK(client.read_response().body == "ok");
  client.send(post("/measure", 0) + get("/healthz"));
  CHECK(client.read_response().body == "of 0: 0");
  CHECK(client.read_response().body == "ok");
  CHECK(http_exchange(s.port(), post("/whole", size)).status == 413);
}

TEST_CASE("100 (Continue) is sent with the first read() and not before a refusal") {
  const running_server s(add_routes);
  raw_client client(s.port());
  client.send(post("/measure", 5, "Expect: 100-continue\r\n"));
  CHECK(client.read_response().status == 100);
  client.send("hello");
  CHECK(client.read_response().body == "of 5: 5");
  client.send(post("/refuse", 5, "Expect: 100-continue\r\n"));
  const raw_response refused = client.read_response();
  CHECK(refused.status == 401);
  CHECK(refused["connection"] == "close");
  CHECK(client.ended());
}

TEST_CASE("content over max_streamed_body_size is answered 413 or fails read()") {
  server_options options;
  options.max_streamed_body_size = 1000;
  options.max_body_size = 10;
  const running_server s(add_routes, options);
  CHECK(http_exchange(s.port(), post("/measure", 1000) + std::string(1000, 'x')).body == "of 1000: 1000");
  CHECK(http_exchange(s.port(), post("/measure", 1001)).status == 413);
  CHECK(http_exchange(s.port(), post("/whole", 11)).status == 413);
  const raw_response in_chunks =
      http_exchange(s.port(), "POST /measure HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" +
                                  std::string(1001, 'x') + "\r\n0\r\n\r\n");
  CHECK(in_chunks.status == 400);
  CHECK_THAT(in_chunks.body, Catch::Contains("1000 bytes"));
}

TEST_CASE("read() fails if the content stalls, is malformed or ends early") {
  server_options options;
  options.idle_timeout = 100ms;
  const running_server s(add_routes, options);
  const raw_response late = http_exchange(s.port(), post("/measure", 10) + "hello");
  CHECK(late.status == 400);
  CHECK_THAT(late.body, Catch::Contains("100 ms"));
  CHECK(late["connection"] == "close");
  const raw_response broken = http_exchange(
      s.port(), "POST /measure HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n");
  CHECK(broken.status == 400);
  CHECK_THAT(broken.body, Catch::Contains("in the content of a request"));
  raw_client gone(s.port());
  gone.send(post("/measure", 10) + "hello");
  gone.finish();
  CHECK_THAT(gone.read_response().body, Catch::Contains("the client has disconnected"));
}

TEST_CASE("content below min_message_rate fails read() after message_timeout") {
  server_options options;
  options.websockets.limits(twinsocket::limits().message_timeout(100ms).min_message_rate(1'000'000'000));
  const running_server s(add_routes, options);
  raw_client client(s.port());
  client.send(post("/measure", 1'000'000'000));
  std::thread trickle([&] {
    try {
      for (;;) client.send("x");
    } catch (const std::exception&) {  // The server has closed the connection.
    }
  });
  const raw_response reply = client.read_response();
  CHECK(reply.status == 400);
  CHECK_THAT(reply.body, Catch::Contains("1000000000 bytes per second"));
  client.finish();
  trickle.join();
}

TEST_CASE("a response can be streamed while the request body is read") {
  const running_server s([](server& to) {
    to.post("/echo", [](const request&, request_body& body) -> task<response> {
      co_return response::stream("text/plain", [&body](response_writer& out) -> task<void> {
        while (!body.at_end()) {
          const auto piece = co_await body.read();
          if (!piece) co_return;
          const auto written = co_await out.write(std::string(*piece));
          if (!written) co_return;
        }
      });
    });
  });
  raw_client client(s.port());
  client.send(post("/echo", 10));
  CHECK(client.read_response().status == 200);
  client.send("hello");
  CHECK(client.read_chunk() == "hello");
  client.send("world");
  CHECK(client.read_chunk() == "world");
  CHECK(client.read_chunk().empty());
}
