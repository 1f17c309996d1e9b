// The log of a client. It must not contain secrets.

#include "test.hpp"

#include <string>
#include <vector>

#include "scripted_server.hpp"
#include "server/running_server.hpp"
#include "twinsocket/native/client_options.hpp"
#include "twinsocket/native/run.hpp"
#include "twinsocket/reconnect.hpp"

using namespace twinsocket;
using namespace std::chrono_literals;

namespace {

using options = client_options;

/// Stores log records, one line each.
struct recorded_log {
  std::vector<std::string> lines;

  log_hook hook() {
    return [this](const log_entry& entry) {
      lines.push_back(std::string(entry.event) + " | " + std::string(entry.detail) + " | " +
                      std::string(entry.remote_address) + " | " + std::string(entry.target));
    };
  }
  [[nodiscard]] bool holds(const std::string& text) const {
    for (const std::string& line : lines)
      if (line.find(text) != std::string::npos) return true;
    return false;
  }
};

task<void> talk(std::string url, options how) {
  auto opened = co_await native::connect(std::move(url), std::move(how));
  if (!opened) co_return;
  co_await opened->close(close_code(4000), "enough");
}

task<void> come_back(std::string url, connect_options how) {
  reconnecting_connection socket(
      std::move(url), reconnect_options(std::move(how)).policy(reconnect_policy().initial_delay(1ms).max_attempts(2)));
  co_await socket.closed();
}

}  // namespace

TEST_CASE("the client log has connecting, redirects and the close without credentials and queries") {
  const running_server last([](server& s) { s.websocket("/there", echo); });
  const std::string there = "127.0.0.1:" + std::to_string(last.port());
  const scripted_server first([&](const std::string&) {
    return "HTTP/1.1 302 Found\r\nSet-Cookie: id=secret\r\nLocation: http://" + there +
           "/there?token=secret\r\nContent-Length: 0\r\n\r\n";
  });
  const std::string here = "127.0.0.1:" + std::to_string(first.port());
  recorded_log log;
  native::run(talk(first.url("/a?token=secret"),
                   options(connect_options().log(log.hook())).basic_auth("jan", "secret").header("X-Key", "secret")));
  REQUIRE(log.lines.size() == 5);
  CHECK(log.lines[0] == "connecting |  | " + here + " | /a");
  CHECK(log.lines[1] == "redirected | to " + there + "/there | " + here + " | /a");
  CHECK(log.lines[2] == "connecting |  | " + there + " | /there");
  CHECK(log.lines[3] == "connected | " + there + " | " + there + " | /there");
  CHECK_THAT(log.lines[4], Catch::StartsWith("closed | 4000") && Catch::EndsWith(" | " + there + " | /there"));
  CHECK_FALSE(log.holds("secret"));
}

TEST_CASE("the client log has the reason of a failed connect without the response body") {
  const scripted_server s(
      [](const std::string&) { return std::string("HTTP/1.1 401 Unauthorized\r\nContent-Length: 6\r\n\r\nsecret"); });
  recorded_log log;
  native::run(talk(s.url("/?secret"), options(connect_options().log(log.hook()))));
  REQUIRE(log.lines.size() == 2);
  CHECK_THAT(log.lines[1], Catch::StartsWith("connect failed | the server answered 401 | 127.0.0.1:"));
  native::run(talk("ws://jan:secret@h/", options(connect_options().log(log.hook()))));
  native::run(talk("ws://h:x/?secret", options(connect_options().log(log.hook()))));
  REQUIRE(log.lines.size() == 4);
  CHECK_THAT(log.lines[2], Catch::StartsWith("connect failed | not a WebSocket URL: user information"));
  CHECK_THAT(log.lines[3], Catch::Contains("the port \"x\""));
  CHECK_FALSE(log.holds("secret"));
}

TEST_CASE("the client log has the reconnect delay and the final failure") {
  const scripted_server s(
      [](const std::string&) { return std::string("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"); });
  recorded_log log;
  native::run(come_back(s.url(), connect_options().log(log.hook())));
  REQUIRE(log.lines.size() == 6);
  CHECK_THAT(log.lines[2], Catch::StartsWith("reconnecting | in ") && Catch::Contains(" ms, after 1 failure |"));
  CHECK(log.lines[5] == "gave up | after 2 failures |  | ");
}
