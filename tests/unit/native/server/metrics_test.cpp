// The server's metrics.

#include "test.hpp"
#include <chrono>
#include <sstream>

#include "raw_client.hpp"
#include "result_text.hpp"
#include "running_server.hpp"
#include "server/prometheus_text.hpp"
#include "twinsocket/native/ping.hpp"

using namespace std::chrono_literals;
using twinsocket::admission;
using twinsocket::connection;
using twinsocket::overflow_policy;
using twinsocket::request;
using twinsocket::response;
using twinsocket::send_options;
using twinsocket::server;
using twinsocket::server_options;
using twinsocket::task;
using twinsocket::websocket_options;

namespace {

class metrics {
 public:
  explicit metrics(std::uint16_t port) : port_(port) {}

  // The value of a series, 0 if it is absent. Queries again until it is `wanted`, for at most ten seconds: a thread may
  // count an event a moment after the client has seen it.
  double value(const std::string& series, double wanted) const {
    const auto until = std::chrono::steady_clock::now() + 10s;
    for (;;) {
      const double now = read(series);
      if (now == wanted || std::chrono::steady_clock::now() > until) return now;
    }
  }

  double read(const std::string& series) const {
    raw_client client(port_);
    client.send("GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    std::istringstream lines(client.read_response().body);
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with(series + " ")) return std::stod(line.substr(series.size()));
    return 0;
  }

 private:
  std::uint16_t port_;
};

int status_of(std::uint16_t port, const std::string& text) {
  raw_client client(port);
  client.send(text);
  return client.read_response().status;
}

}  // namespace

TEST_CASE("labels and help texts are escaped and numbers are exact") {
  twinsocket::detail::prometheus_text out;
  out.family("a_total", "counter", "one\\two\nthree \"four\"");
  out.sample({{"x", "one\\two\nthree \"four\""}, {"y", ""}}, 1e15 + 1);
  out.sample("_more", {}, 0.1);
  CHECK(out.text() ==
        "# HELP a_total one\\\\two\\nthree \"four\"\n# TYPE a_total counter\n"
        "a_total{x=\"one\\\\two\\nthree \\\"four\\\"\",y=\"\"} 1000000000000001\n"
        "a_total_more 0.1\n");
}

TEST_CASE("messages, bytes and closes are counted over all threads") {
  server_options options;
  options.threads = 2;
  const running_server s(
      [](server& to) {
        to.websocket("/echo", echo);
        to.metrics("/metrics");
      },
      options);
  const metrics now(s.port());
  std::vector<raw_client> clients;
  for (int i = 0; i < 8; ++i) {
    raw_client& client = clients.emplace_back(open_websocket(s.port(), "/echo"));
    for (int k = 0; k < 3; ++k) {
      client.send(client_text("four"));
      CHECK(client.read_frame().payload == "four");
    }
  }
  CHECK(now.value("twinsocket_websockets", 8) == 8);
  CHECK(now.value("twinsocket_messages_total{direction=\"received\"}", 24) == 24);
  CHECK(now.value("twinsocket_messages_total{direction=\"sent\"}", 24) == 24);
  CHECK(now.value("twinsocket_message_bytes_total{direction=\"received\"}", 96) == 96);
  CHECK(now.value("twinsocket_message_bytes_total{direction=\"sent\"}", 96) == 96);
  clients[0].send(client_close(1000));
  clients[1].send(client_close(4000));
  clients[2].send(client_close(4001));
  clients[3].send("x");
  clients[4].send(client_frame(3, ""));
  clients.clear();
  CHECK(now.value("twinsocket_websockets", 0) == 0);
  CHECK(now.value("twinsocket_websockets_opened_total", 8) == 8);
  CHECK(now.value("twinsocket_websockets_closed_total{code=\"1000\",initiator=\"remote\"}", 1) == 1);
  CHECK(now.value("twinsocket_websockets_closed_total{code=\"4xxx\",initiator=\"remote\"}", 2) == 2);
  CHECK(now.value("twinsocket_websockets_closed_total{code=\"1002\",initiator=\"local\"}", 1) == 1);
  CHECK(now.value("twinsocket_websockets_closed_total{code=\"1006\",initiator=\"none\"}", 4) == 4);
}

TEST_CASE("every reason for a rejected handshake has its own counter") {
  server_options options;
  options.shutdown_timeout = 50ms;  // One hook is still waiting then.
  const running_server s(
      [](server& to) {
        to.websocket("/echo", echo);
        to.websocket("/no", websocket_options().on_request([](const request&) -> admission { return response(401); }),
                     echo);
        to.websocket("/never",
                     websocket_options()
                         .on_request([](const request&) -> task<admission> {
                           co_await twinsocket::sleep_for(1h);
                           co_return admission();
                         })
                         .request_hook_timeout(1ms),
                     echo);
        to.websocket(
            "/thrown",
            websocket_options().on_request([](const request&) -> admission { throw std::runtime_error("no"); }), echo);
        to.metrics("/metrics");
      },
      options);
  struct row {
    const char* reason;
    std::string request;
    int status;
  };
  const std::vector<row> rows{
      {"bad_request", "GET /echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n", 400},
      {"version",
       "GET /echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n\r\n",
       426},
      {"origin", upgrade_request("/echo", "Origin: https://example.com\r\n"), 403},
      {"subprotocol", upgrade_request("/echo", "Sec-WebSocket-Protocol: a,a\r\n"), 400},
      {"extension", upgrade_request("/echo", "Sec-WebSocket-Extensions: =\r\n"), 400},
      {"refused", upgrade_request("/no"), 401},
      {"request_hook_timeout", upgrade_request("/never"), 503},
      {"failed", upgrade_request("/thrown"), 500}};
  const metrics now(s.port());
  for (const row& r : rows) {
    CAPTURE(r.reason);
    CHECK(status_of(s.port(), r.request) == r.status);
    CHECK(now.value("twinsocket_handshake_failures_total{reason=\"" + std::string(r.reason) + "\"}", 1) == 1);
  }
  CHECK(now.value("twinsocket_http_responses_total{code=\"400\"}", 3) == 3);
  CHECK(now.value("twinsocket_handler_failures_total", 1) == 1);
  CHECK(now.read("twinsocket_websockets_opened_total") == 0);
}

TEST_CASE("dropped messages are counted by overflow policy") {
  const running_server s([](server& to) {
    to.websocket("/{policy}", [](connection socket, const request& req) -> task<void> {
      const auto policy = req.parameter("policy");
      send_options how;
      how.overflow_policy(policy == "newest"   ? overflow_policy::drop_newest
                          : policy == "oldest" ? overflow_policy::drop_oldest
                                               : overflow_policy::close)
          .queue_limit(1 << 20);
      if (policy == "replaced") how.key("k");
      // The client's receive buffer takes some megabytes, not more.
      const std::string large(1 << 18, 'x');
      const auto before = [&] { return policy == "closed" ? !socket.is_open() : socket.counters().dropped > 0; };
      for (int i = 0; i < 1000 && !before(); ++i) socket.try_send(large, how);
      while (co_await socket.receive()) continue;
    });
    to.metrics("/metrics");
  });
  const metrics now(s.port());
  for (const std::string policy : {"newest", "oldest", "replaced", "closed"}) {
    const raw_client client = open_websocket(s.port(), "/" + policy);
    CHECK(now.value("twinsocket_messages_dropped_total{reason=\"" + policy + "\"}", 1) == 1);
  }
}

TEST_CASE("refused connections are counted by reason") {
  server_options options;
  options.max_connections = 2;
  options.max_connections_per_address = 2;
  running_server s(
      [](server& to) {
        to.websocket("/echo", echo);
        to.metrics("/metrics");
      },
      options);
  const metrics now(s.port());
  {
    const raw_client first = open_websocket(s.port(), "/echo");
    const raw_client second = open_websocket(s.port(), "/echo");
    CHECK(status_of(s.port(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n") == 503);
  }
  // The limit leaves no room for the metrics request until the two connections have ended.
  double refused = 0;
  for (int i = 0; i < 1000 && refused == 0; ++i)
    refused = now.read("twinsocket_connections_refused_total{reason=\"limit\"}");
  CHECK(refused >= 1);
  CHECK(now.read("twinsocket_connections") == 1);
  CHECK(now.read("twinsocket_http_responses_total{code=\"503\"}") >= 1);
}

TEST_CASE("ping round trips are counted in a histogram") {
  const running_server s([](server& to) {
    to.websocket("/", [](connection socket) -> task<void> {
      const auto took = co_await twinsocket::ping(socket);
      co_await socket.send(took ? "answered" : "not");
    });
    to.metrics("/metrics");
  });
  raw_client client = open_websocket(s.port(), "/");
  const raw_frame ping = client.read_frame();
  REQUIRE(ping.opcode == 9);
  client.send(client_frame(10, ping.payload));
  CHECK(client.read_frame().payload == "answered");
  const metrics now(s.port());
  CHECK(now.value("twinsocket_round_trip_seconds_count", 1) == 1);
  CHECK(now.value("twinsocket_round_trip_seconds_bucket{le=\"+Inf\"}", 1) == 1);
  CHECK(now.read("twinsocket_round_trip_seconds_sum") < 10);
}

TEST_CASE("counters continue when a server runs again") {
  server s({.address = "127.0.0.1", .port = 0});
  s.websocket("/echo", echo);
  for (int round = 1; round <= 2; ++round) {
    REQUIRE(s.listen());
    std::thread running([&] { s.run(); });
    open_websocket(s.port(), "/echo").send(client_close(1000));
    s.stop();
    running.join();
    CHECK_THAT(s.metrics_text(), Catch::Contains("twinsocket_websockets_opened_total " + std::to_string(round) + "\n"));
    CHECK_THAT(s.metrics_text(), Catch::Contains("twinsocket_websockets 0\n"));
  }
}
