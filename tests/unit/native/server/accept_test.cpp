// WebSockets on a socket, or from a request, that the program already has.

#include "twinsocket/native/accept.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <future>
#include <string>
#include <thread>

#include "test.hpp"
#include "twinsocket/connect.hpp"
#include "twinsocket/native/asio.hpp"
#include "twinsocket/native/client_options.hpp"
#include "twinsocket/native/co_spawn.hpp"
#include "twinsocket/native/run.hpp"

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using namespace twinsocket;

namespace {

struct outcome {
  std::string reply;
  std::string served;
};

/// Connects a client to a function that serves one socket on an io_context.
template <class Serve>
outcome converse(Serve serve, client_options options = {}) {
  outcome out;
  asio::io_context context(1);
  tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
  const std::string url = "ws://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()) + "/any";
  native::spawn(context, [&]() -> task<void> {
    auto [failure, socket] = co_await acceptor.async_accept(native::use_task);
    REQUIRE_FALSE(failure);
    co_await serve(std::move(socket), out.served);
  });
  std::thread client([&] {
    native::run([&]() -> task<void> {
      auto opened = co_await native::connect(url, options);
      if (!opened) {
        out.reply = opened.error().message();
        co_return;
      }
      co_await opened->send("hello");
      const auto reply = co_await opened->receive();
      if (reply) out.reply = reply->text();
      co_await opened->close();
    });
  });
  context.run();
  client.join();
  return out;
}

task<void> echo(result<connection> opened, std::string& served) {
  if (!opened) {
    served = opened.error().message();
    co_return;
  }
  while (auto message = co_await opened->receive()) {
    served += message->text();
    co_await opened->send(*message);
  }
}

}  // namespace

TEST_CASE("accept() turns an accepted TCP socket into a WebSocket connection") {
  const auto out = converse([](tcp::socket socket, std::string& served) -> task<void> {
    auto opened = co_await native::accept(std::move(socket));
    co_await echo(std::move(opened), served);
  });
  CHECK(out.reply == "hello");
  CHECK(out.served == "hello");
}

TEST_CASE("accept() takes a request that Beast has parsed and the bytes read beyond it") {
  const auto out = converse([](tcp::socket socket, std::string& served) -> task<void> {
    boost::beast::flat_buffer buffer;
    http::request<http::string_body> req;
    auto [failure, count] = co_await http::async_read(socket, buffer, req, native::use_task);
    REQUIRE_FALSE(failure);
    CHECK(req.target() == "/any");
    auto opened = co_await native::accept(std::move(socket), req, buffer.data());
    co_await echo(std::move(opened), served);
  });
  CHECK(out.reply == "hello");
}

TEST_CASE("accept() delivers a message whose first bytes were read with the request") {
  asio::io_context context(1);
  tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
  std::string served;
  native::spawn(context, [&]() -> task<void> {
    auto [failure, socket] = co_await acceptor.async_accept(native::use_task);
    REQUIRE_FALSE(failure);
    const std::string received =
        "GET / HTTP/1.1\r\nHost: a.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        "\x81\x82\x01\x02\x03\x04\x69\x6b";
    auto opened = co_await native::accept(std::move(socket), received);
    REQUIRE(opened.has_value());
    const auto message = co_await opened->receive();
    REQUIRE(message.has_value());
    served = message->text();
    opened->abort();
  });
  tcp::socket client(context);
  client.connect(acceptor.local_endpoint());
  context.run();
  CHECK(served == "hi");
}

TEST_CASE("accept() rejects a foreign origin with 403 like a route of a server") {
  const auto out = converse(
      [](tcp::socket socket, std::string& served) -> task<void> {
        auto opened = co_await native::accept(std::move(socket));
        co_await echo(std::move(opened), served);
      },
      client_options().origin("https://elsewhere.test"));
  CHECK(out.served.find("403") != std::string::npos);
  CHECK(out.served.find("https://elsewhere.test") != std::string::npos);
  CHECK(out.reply.find("403") != std::string::npos);
}

TEST_CASE("an origin function decides on a socket passed to accept()") {
  const auto from = [](const char* origin) {
    return converse(
        [](tcp::socket socket, std::string& served) -> task<void> {
          websocket_options options;
          options.origin([](std::string_view page, const request&) { return page == "https://a.test"; });
          auto opened = co_await native::accept(std::move(socket), std::string(), options);
          co_await echo(std::move(opened), served);
        },
        client_options().origin(origin));
  };
  CHECK(from("https://a.test").reply == "hello");
  CHECK(from("https://b.test").reply.find("403") != std::string::npos);
}

TEST_CASE("co_spawn() runs a task with use_awaitable, a callback or use_future") {
  asio::io_context context(1);
  tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
  const std::string url = "ws://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()) + "/";
  native::spawn(context, [&]() -> task<void> {
    auto [failure, socket] = co_await acceptor.async_accept(native::use_task);
    REQUIRE_FALSE(failure);
    auto opened = co_await native::accept(std::move(socket));
    std::string ignored;
    co_await echo(std::move(opened), ignored);
  });
  std::string text;
  std::optional<connection> kept;
  std::future<close_info> ended;
  const auto converse = [&]() -> asio::awaitable<void> {
    auto opened = co_await native::co_spawn(context, connect(url), asio::use_awaitable);
    REQUIRE(opened.has_value());
    kept.emplace(std::move(*opened));
    const auto sent = co_await native::co_spawn(
        context, [&] { return kept->send("hello"); }, asio::use_awaitable);
    CHECK(static_cast<bool>(sent));
    native::co_spawn(
        context, [&] { return kept->receive(); },
        [&](const result<message>& received) {
          if (received) text = received->text();
          ended = native::co_spawn(
              context, [&] { return kept->close(); }, asio::use_future);
        });
  };
  asio::co_spawn(context, converse, asio::detached);
  context.run();
  CHECK(text == "hello");
  REQUIRE(ended.valid());
  const close_info info = ended.get();
  CHECK(info.clean);
}
