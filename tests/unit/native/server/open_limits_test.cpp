// Limits of an open connection.

#include "test.hpp"
#include <chrono>
#include <optional>
#include <string>

#include "raw_client.hpp"
#include "result_text.hpp"
#include "running_server.hpp"
#include "twinsocket/native/client_options.hpp"
#include "twinsocket/native/run.hpp"

using namespace std::chrono_literals;
using namespace twinsocket;

namespace {

// Echoes, and changes the limits on request.
task<void> echo_within_limits(connection socket) {
  while (auto message = co_await socket.receive()) {
    if (message->text() == "more") socket.set_limits(socket.limits().max_message_size(10'000));
    if (message->text() == "less") socket.set_limits(socket.limits().max_message_size(10));
    if (message->text() == "short frames") socket.set_limits(socket.limits().max_frame_size(20));
    if (message->text() == "quick") socket.set_limits(socket.limits().idle_timeout(20ms));
    if (message->text() == "small queue") {
      socket.set_limits(socket.limits().send_queue_bytes(8));
      const auto refused = socket.try_send("nine bytes");
      const std::string told = refused.error().message();
      socket.set_limits(socket.limits().send_queue_bytes(1'000));
      co_await socket.send(told);
      continue;
    }
    co_await socket.send(*message);
  }
}

void add_routes(server& to) {
  to.websocket("/", websocket_options().limits(limits().max_message_size(100)).compression(true), echo_within_limits);
}

void expect_echo(raw_client& client, const std::string& text) {
  client.send(client_text(text));
  CHECK(client.read_frame().payload == text);
}

}  // namespace

TEST_CASE("set_limits() raises and lowers max_message_size of an open connection") {
  const running_server s(add_routes);
  raw_client client = open_websocket(s.port(), "/");
  expect_echo(client, "more");
  expect_echo(client, std::string(10'000, 'x'));
  expect_echo(client, "less");
  expect_echo(client, std::string(10, 'x'));
  client.send(client_text(std::string(11, 'x')));
  const raw_frame closed = client.read_frame();
  CHECK(closed.close_code() == 1009);
  CHECK_THAT(closed.payload, Catch::Contains("10 bytes"));
}

TEST_CASE("without set_limits() the limits of the route apply") {
  const running_server s(add_routes);
  raw_client client = open_websocket(s.port(), "/");
  client.send(client_text(std::string(101, 'x')));
  CHECK(client.read_frame().close_code() == 1009);
}

TEST_CASE("set_limits() with max_frame_size applies to later frames") {
  const running_server s(add_routes);
  raw_client client = open_websocket(s.port(), "/");
  expect_echo(client, std::string(50, 'x'));
  expect_echo(client, "short frames");
  client.send(client_text(std::string(21, 'x')));
  CHECK(client.read_frame().close_code() == 1009);
}

TEST_CASE("set_limits() with a shorter idle_timeout closes an idle connection") {
  const running_server s(add_routes);
  raw_client client = open_websocket(s.port(), "/");
  expect_echo(client, "quick");
  const raw_frame closed = client.read_frame();
  CHECK(closed.close_code() == 1001);
  CHECK_THAT(closed.payload, Catch::Contains("20 ms"));
}

TEST_CASE("set_limits() with a smaller send_queue_bytes refuses larger messages") {
  const running_server s(add_routes);
  raw_client client = open_websocket(s.port(), "/");
  client.send(client_text("small queue"));
  CHECK_THAT(client.read_frame().payload, Catch::Contains("10 bytes") && Catch::Contains("is 8 bytes"));
}

TEST_CASE("max_message_size set by set_limits() applies to compressed messages") {
  const running_server s(add_routes);
  native::run([](std::string url) -> task<void> {
    auto socket = co_await native::connect(url, client_options(connect_options().timeout(10s)).compression(true));
    REQUIRE(socket);
    for (const std::string& text : {std::string("more"), std::string(9'000, 'x'), std::string("less")}) {
      co_await socket->send(text);
      const auto back = co_await socket->receive();
      REQUIRE(back);
      CHECK((back->text() == text));
    }
    const std::string text(9'000, 'x');
    co_await socket->send(text);
    const auto refused = co_await socket->receive();
    REQUIRE_FALSE(static_cast<bool>(refused));
    const close_info end = co_await socket->closed();
    CHECK(end.is(close_code::message_too_big));
  }("ws://127.0.0.1:" + std::to_string(s.port()) + "/"));
}

TEST_CASE("limits() returns the limits of the route and those of set_limits()") {
  std::optional<limits> before;
  std::optional<limits> after;
  {
    const running_server s([&](server& to) {
      to.websocket("/",
                   websocket_options().limits(limits().max_message_size(7).close_timeout(9s).send_queue_messages(3)),
                   [&](connection socket) -> task<void> {
                     before = socket.limits();
                     socket.set_limits(limits().max_fragments(5).write_timeout(6s).receive_queue_bytes(4));
                     after = socket.limits();
                     co_return;
                   });
    });
    CHECK(open_websocket(s.port(), "/").read_frame().close_code() == 1000);
  }
  REQUIRE(before.has_value());
  REQUIRE(after.has_value());
  CHECK(before->max_message_size() == 7);
  CHECK(before->close_timeout() == 9s);
  CHECK(before->send_queue_messages() == 3);
  CHECK(before->idle_timeout() == limits().idle_timeout());
  CHECK(after->max_message_size() == limits().max_message_size());
  CHECK(after->max_fragments() == 5);
  CHECK(after->write_timeout() == 6s);
  CHECK(after->receive_queue_bytes() == 4);
  CHECK(after->close_timeout() == limits().close_timeout());
}
