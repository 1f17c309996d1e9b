// Responses that are written while they are sent, on real connections.

#include "test.hpp"
#include <atomic>
#include <future>
#include <stdexcept>

#include "raw_client.hpp"
#include "request_text.hpp"
#include "result_text.hpp"
#include "running_server.hpp"

using namespace std::chrono_literals;
using twinsocket::errc;
using twinsocket::event_writer;
using twinsocket::request;
using twinsocket::response;
using twinsocket::response_writer;
using twinsocket::result;
using twinsocket::server;
using twinsocket::server_options;
using twinsocket::server_sent_event;
using twinsocket::sleep_for;
using twinsocket::task;

namespace {

// The value of a future, with the timeout of all waits in tests.
template <class T>
T within_limit(std::future<T> from) {
  if (from.wait_for(10s) != std::future_status::ready) throw std::runtime_error("nothing within ten seconds");
  return from.get();
}

// A text of this size in which a missing piece is visible.
std::string numbered(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += std::to_string(i) + ' ';
  text.resize(size);
  return text;
}

void add_count(server& s) {
  s.on("GET", "/count/{to}", [](const request& req) {
    return response::stream("text/plain",
                            [&req](response_writer& out) -> task<void> {
                              const int end = std::stoi(std::string(req.parameter("to")));
                              for (int i = 0; i < end; ++i) {
                                co_await sleep_for(1ms);
                                const auto written = co_await out.write(std::to_string(i) + "\n");
                                if (!written) co_return;
                              }
                            })
        .header("X-Kind", "numbers");
  });
  s.get("/healthz", [](const request&) { return response::text("ok"); });
}

}  // namespace

TEST_CASE("response::stream() sends chunks and keeps the connection open") {
  const running_server s(add_count);
  raw_client client(s.port());
  client.send(get("/count/3") + get("/healthz"));
  const raw_response reply = client.read_response();
  CHECK(reply.status == 200);
  CHECK(reply["transfer-encoding"] == "chunked");
  CHECK(reply["content-length"].empty());
  CHECK(reply["content-type"] == "text/plain");
  CHECK(reply["x-kind"] == "numbers");
  CHECK(client.read_chunk() == "0\n");
  CHECK(client.read_chunk() == "1\n");
  CHECK(client.read_chunk() == "2\n");
  CHECK(client.read_chunk().empty());
  CHECK(client.read_response().body == "ok");
  // A request that arrives while the response is being sent.
  client.send(get("/count/20"));
  CHECK(client.read_response().status == 200);
  CHECK(client.read_chunk() == "0\n");
  client.send(get("/healthz"));
  std::string last;
  for (std::string chunk = client.read_chunk(); !chunk.empty(); chunk = client.read_chunk()) last = chunk;
  CHECK(last == "19\n");
  CHECK(client.read_response().body == "ok");
}

TEST_CASE("response::stream() omits chunks for HTTP/1.0 and the body for HEAD") {
  const running_server s(add_count);
  raw_client old(s.port());
  old.send("GET /count/3 HTTP/1.0\r\n\r\n");
  const raw_response reply = old.read_response();
  CHECK(reply["transfer-encoding"].empty());
  CHECK(reply["connection"] == "close");
  CHECK(old.read_to_end() == "0\n1\n2\n");
  raw_client client(s.port());
  client.send("HEAD /count/3 HTTP/1.1\r\nHost: a\r\n\r\n" + get("/healthz"));
  CHECK(client.read_response(true)["transfer-encoding"] == "chunked");
  CHECK(client.read_response().body == "ok");
}

TEST_CASE("a streamed response of 20 MB arrives unchanged") {
  const std::string whole = numbered(20'000'000);
  const running_server s([&](server& to) {
    to.get("/", [&](const request&) {
      return response::stream("text/plain", [&](response_writer& out) -> task<void> {
        for (std::size_t first = 0; first < whole.size(); first += 300'000) {
          const auto written = co_await out.write(whole.substr(first, 300'000));
          if (!written) co_return;
        }
      });
    });
  });
  raw_client client(s.port());
  client.send(get("/"));
  CHECK(client.read_response().status == 200);
  std::string read;
  for (std::string chunk = client.read_chunk(); !chunk.empty(); chunk = client.read_chunk()) read += chunk;
  CHECK((read == whole));
}

TEST_CASE("several tasks may write one streamed response, each in call order") {
  const running_server s([](server& to) {
    to.get("/", [](const request&) {
      return response::stream("text/plain", [](response_writer& out) -> task<void> {
        bool other_is_done = false;
        twinsocket::spawn([](response_writer& to_both, bool& done) -> task<void> {
          for (int i = 0; i < 50; ++i) static_cast<void>(co_await to_both.write("b"));
          done = true;
        }(out, other_is_done));
        for (int i = 0; i < 50; ++i) static_cast<void>(co_await out.write("a"));
        while (!other_is_done) co_await sleep_for(1ms);
      });
    });
  });
  raw_client client(s.port());
  client.send(get("/"));
  CHECK(client.read_response().status == 200);
  std::string read;
  for (std::string chunk = client.read_chunk(); !chunk.empty(); chunk = client.read_chunk()) read += chunk;
  CHECK(std::count(read.begin(), read.end(), 'a') == 50);
  CHECK(std::count(read.begin(), read.end(), 'b') == 50);
}

TEST_CASE("an exception in response::stream() ends the connection without the last chunk") {
  const std::string text = GENERATE(as<std::string>(), "broken", "");
  const running_server s([&](server& to) {
    to.get("/", [&](const request&) {
      return response::stream("text/plain", [&](response_writer& out) -> task<void> {
        static_cast<void>(co_await out.write("the beginning"));
        throw std::runtime_error(text);
      });
    });
  });
  raw_client client(s.port());
  client.send(get("/"));
  CHECK(client.read_response().status == 200);
  CHECK(client.read_to_end() == "d\r\nthe beginning\r\n");
}

TEST_CASE("write() waits for a client that does not read and fails after idle_timeout") {
  std::promise<std::pair<int, result<void>>> ended;
  server_options options;
  options.idle_timeout = 200ms;
  const running_server s(
      [&](server& to) {
        to.get("/", [&](const request&) {
          return response::stream("text/plain", [&](response_writer& out) -> task<void> {
            int pieces = 0;
            result<void> written;
            while (written && pieces < 1000) {
              written = co_await out.write(std::string(1 << 20, 'x'));
              if (written) ++pieces;
            }
            ended.set_value({pieces, written});
          });
        });
      },
      options);
  raw_client client(s.port());
  client.send(get("/"));
  const auto [pieces, why] = within_limit(ended.get_future());
  CHECK(pieces < 100);
  REQUIRE_FALSE(why);
  CHECK(why.error() == errc::timed_out);
  CHECK_THAT(why.error().message(), Catch::Contains("200 ms"));
}

TEST_CASE("closed() and the next write() report that the client has disconnected") {
  std::promise<void> begun;
  std::promise<result<void>> ended;
  const running_server s([&](server& to) {
    to.get("/", [&](const request&) {
      return response::stream("text/plain", [&](response_writer& out) -> task<void> {
        static_cast<void>(co_await out.write("hello"));
        begun.set_value();
        co_await out.closed();
        ended.set_value(co_await out.write("too late"));
      });
    });
  });
  {
    raw_client client(s.port());
    client.send(get("/"));
    CHECK(client.read_response().status == 200);
    within_limit(begun.get_future());
  }
  const result<void> late = within_limit(ended.get_future());
  REQUIRE_FALSE(late);
  CHECK(late.error() == errc::closed);
}

TEST_CASE("response::events() writes the event stream format and receives Last-Event-ID") {
  const running_server s([](server& to) {
    to.get("/events", [](const request& req) {
      const std::string last(req.header("Last-Event-ID").value_or("none"));
      return response::events([last](event_writer& out) -> task<void> {
               static_cast<void>(co_await out.send("after " + last));
               server_sent_event full("one\ntwo\r\nthree\r");
               full.type("tick").id("7").retry(2s);
               static_cast<void>(co_await out.send(full));
               const auto refused = co_await out.send(server_sent_event("x").type("a\nb"));
               const std::string why = refused ? "taken" : refused.error().detail();
               static_cast<void>(co_await out.send(why));
             })
          .header("Access-Control-Allow-Origin", "*");
    });
  });
  raw_client client(s.port());
  client.send(get("/events", "Last-Event-ID: 6\r\n"));
  const raw_response reply = client.read_response();
  CHECK(reply["content-type"] == "text/event-stream");
  CHECK(reply["cache-control"] == "no-cache");
  CHECK(reply["access-control-allow-origin"] == "*");
  CHECK(client.read_chunk() == "data: after 6\n\n");
  CHECK(client.read_chunk() == "event: tick\nid: 7\nretry: 2000\ndata: one\ndata: two\ndata: three\ndata: \n\n");
  CHECK(client.read_chunk() == "data: the type of an event, \"a\ndata: b\", has a line end or a NUL in it\n\n");
  CHECK(client.read_chunk().empty());
}

TEST_CASE("server_sent_event rejects invalid UTF-8, line ends in fields and negative retry") {
  CHECK(server_sent_event("\xff").text().error() == errc::invalid_utf8);
  CHECK(server_sent_event("x").id(std::string("a\0b", 3)).text().error() == errc::invalid_argument);
  CHECK(server_sent_event("x").id("a\rb").text().error() == errc::invalid_argument);
  CHECK(server_sent_event("x").retry(-1ms).text().error() == errc::invalid_argument);
  CHECK(*server_sent_event("").text() == "data: \n\n");
}

TEST_CASE("an idle event stream sends comments at its interval") {
  const running_server s([](server& to) {
    to.get("/", [](const request&) {
      return response::events([](event_writer& out) -> task<void> { co_await out.closed(); }, 10ms);
    });
  });
  raw_client client(s.port());
  client.send(get("/"));
  CHECK(client.read_response().status == 200);
  CHECK(client.read_chunk() == ":\n\n");
  CHECK(client.read_chunk() == ":\n\n");
}

TEST_CASE("stop() ends event streams and lets other streamed responses complete") {
  std::promise<void> both;
  std::atomic<int> begun = 0;
  const auto one_more = [&] {
    if (++begun == 2) both.set_value();
  };
  std::atomic<bool> stopped = false;
  running_server s([&](server& to) {
    to.get("/events", [&](const request&) {
      return response::events([&](event_writer& out) -> task<void> {
        static_cast<void>(co_await out.send("hello"));
        one_more();
        co_await out.closed();
        stopped = true;
      });
    });
    to.get("/download", [&](const request&) {
      return response::stream("text/plain", [&](response_writer& out) -> task<void> {
        static_cast<void>(co_await out.write("one"));
        one_more();
        while (!stopped) co_await sleep_for(1ms);
        static_cast<void>(co_await out.write("two"));
      });
    });
  });
  raw_client events(s.port());
  raw_client download(s.port());
  events.send(get("/events"));
  download.send(get("/download"));
  within_limit(both.get_future());
  s.stop();
  s.wait();
  CHECK_THAT(events.read_to_end(), Catch::EndsWith("0\r\n\r\n"));
  CHECK_THAT(download.read_to_end(), Catch::EndsWith("3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"));
}

TEST_CASE("a streamed response that never ends is destroyed after shutdown_timeout") {
  struct alive {
    explicit alive(std::atomic<int>& c) : count(c) { ++count; }
    ~alive() { --count; }
    std::atomic<int>& count;
  };
  std::atomic<int> count = 0;
  std::promise<void> begun;
  server_options options;
  options.shutdown_timeout = 50ms;
  {
    running_server s(
        [&](server& to) {
          to.get("/", [&](const request&) {
            return response::stream("text/plain", [&](response_writer& out) -> task<void> {
              const alive here(count);
              static_cast<void>(co_await out.write("one"));
              begun.set_value();
              for (;;) co_await sleep_for(1h);
            });
          });
        },
        options);
    raw_client client(s.port());
    client.send(get("/"));
    within_limit(begun.get_future());
    s.stop();
    s.wait();
  }
  CHECK(count == 0);
}
