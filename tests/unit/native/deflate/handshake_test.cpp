#include "test.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <thread>

#include "protocol/handshake.hpp"
#include "server/raw_client.hpp"
#include "server/running_server.hpp"
#include "twinsocket/native/client_options.hpp"
#include "twinsocket/native/run.hpp"
#include "twinsocket/native/stream.hpp"

// permessage-deflate in real opening handshakes, and messages after them.

using namespace twinsocket;

namespace {

std::string url_of(std::uint16_t port, const std::string& path = "/") {
  return "ws://127.0.0.1:" + std::to_string(port) + path;
}

auto echoing(const websocket_options& options) {
  return [options](server& s) { s.websocket("/", options, echo); };
}

std::string answer_to(const running_server& to, const std::string& fields) {
  raw_client client(to.port());
  client.send(upgrade_request("/", fields));
  const raw_response reply = client.read_response();
  return std::to_string(reply.status) + " " + reply["sec-websocket-extensions"];
}

std::string compressible_text(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += "reading " + std::to_string(i * 7919 % 1'009) + ", ";
  text.resize(size);
  return text;
}

// Connects, has messages of many sizes echoed, and closes. Returns the error, or "" if there was none.
std::string talk(std::uint16_t port, const compression_options& options) {
  return native::run([](std::string url, client_options o) -> task<std::string> {
    auto socket = co_await native::connect(std::move(url), std::move(o));
    if (!socket) co_return socket.error().message();
    for (const std::size_t size : {0, 1, 100, 1'023, 1'024, 5'000, 100'000, 1'000'000}) {
      const std::string text = compressible_text(size);
      co_await socket->send(text);
      co_await socket->send(std::as_bytes(std::span(text)));
      for (const message_kind kind : {message_kind::text, message_kind::binary}) {
        const auto back = co_await socket->receive();
        if (!back) co_return back.error().message();
        if (back->kind() != kind || back->text() != text) co_return "another message came back";
      }
    }
    const close_info ended = co_await socket->close();
    co_return ended.clean ? "" : "not closed cleanly";
  }(url_of(port), client_options().compression(options)));
}

// The error of connecting.
std::string refused(std::uint16_t port, const client_options& options) {
  return native::run([](std::string url, client_options o) -> task<std::string> {
    const auto socket = co_await native::connect(std::move(url), std::move(o));
    co_return socket ? "connected" : socket.error().message();
  }(url_of(port), options));
}

// A server that accepts one connection with a fixed extension response.
class fixed_answer {
 public:
  explicit fixed_answer(std::string extensions)
      : acceptor_(context_, {boost::asio::ip::make_address("127.0.0.1"), 0}),
        thread_([this, extensions = std::move(extensions)] { serve(extensions); }) {}
  ~fixed_answer() { thread_.join(); }

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  /// The client's request, once it has connected.
  [[nodiscard]] const std::string& request() const { return request_; }

 private:
  void serve(const std::string& extensions) {
    auto socket = acceptor_.accept();
    boost::asio::streambuf received;
    boost::asio::read_until(socket, received, "\r\n\r\n");
    request_.assign(boost::asio::buffers_begin(received.data()), boost::asio::buffers_end(received.data()));
    const std::string name = "Sec-WebSocket-Key: ";
    const std::string key = request_.substr(request_.find(name) + name.size(), 24);
    const std::string answer =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: " +
        detail::accept_key(key) + "\r\n" + extensions + "\r\n";
    boost::asio::write(socket, boost::asio::buffer(answer));
    boost::system::error_code ignored;
    boost::asio::read_until(socket, received, "the end, which never comes", ignored);
  }

  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::string request_;
  std::thread thread_;
};

}  // namespace

TEST_CASE("compression is off by default on server and client") {
  const running_server server(echoing({}));
  CHECK(answer_to(server, "Sec-WebSocket-Extensions: permessage-deflate\r\n") == "101 ");
  CHECK(talk(server.port(), true) == "");
  CHECK(talk(server.port(), false) == "");

  fixed_answer silent("");
  CHECK(refused(silent.port(), {}) == "connected");
  CHECK_THAT(silent.request(), !Catch::Contains("Extensions"));
}

TEST_CASE("the server responds to permessage-deflate offers by its compression_options") {
  const running_server server(echoing(websocket_options().compression(true)));
  CHECK(answer_to(server, "") == "101 ");
  CHECK(answer_to(server, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n") ==
        "101 permessage-deflate; server_no_context_takeover; client_no_context_takeover");
  CHECK(answer_to(server,
                  "Sec-WebSocket-Extensions: foo\r\nSec-WebSocket-Extensions: permessage-deflate; "
                  "server_max_window_bits=10\r\n") ==
        "101 permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10");
  CHECK(answer_to(server, "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=8\r\n") ==
        "101 permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=8");
  CHECK(answer_to(server, "Sec-WebSocket-Extensions: permessage-deflate; unknown\r\n") == "101 ");
  CHECK(answer_to(server, "Sec-WebSocket-Extensions:\r\n") == "101 ");

  const auto keeping = compression_options().server_no_context_takeover(false).client_no_context_takeover(false);
  const running_server context(echoing(websocket_options().compression(keeping)));
  CHECK(answer_to(context, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n") ==
        "101 permessage-deflate");
  CHECK(answer_to(context, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=\"12\"\r\n") ==
        "101 permessage-deflate; client_max_window_bits=12");
}

TEST_CASE("a malformed Sec-WebSocket-Extensions is rejected with 400 with and without compression") {
  const bool on = GENERATE(false, true);
  const running_server server(echoing(websocket_options().compression(on)));
  raw_client client(server.port());
  client.send(upgrade_request("/", "Sec-WebSocket-Extensions: permessage-deflate; =1\r\n"));
  const raw_response reply = client.read_response();
  CHECK(reply.status == 400);
  CHECK_THAT(reply.body, Catch::Contains("\"permessage-deflate; =1\""));
}

TEST_CASE("messages are echoed for all combinations of compression_options") {
  const std::optional<bool> alone = GENERATE(std::optional<bool>(), std::optional(false), std::optional(true));
  const int bits = GENERATE(9, 12, 15);
  auto preferences = compression_options().server_max_window_bits(bits).client_max_window_bits(24 - bits).threshold(0);
  if (alone) preferences.server_no_context_takeover(*alone).client_no_context_takeover(*alone);
  CAPTURE(bits, alone.value_or(false));
  const running_server any(echoing(websocket_options().compression(true)));
  const running_server strict(echoing(websocket_options().compression(preferences)));
  for (const running_server* server : {&any, &strict}) {
    CHECK(talk(server->port(), true) == "");
    CHECK(talk(server->port(), preferences) == "");
  }
}

TEST_CASE("the client rejects invalid permessage-deflate responses with the reason") {
  struct row {
    const char* fields;
    const char* reason;
  };
  const auto r =
      GENERATE(row{"Sec-WebSocket-Extensions: permessage-deflate; unknown=1\r\n", "\"unknown=1\" is not a parameter"},
               row{"Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Extensions: foo\r\n",
                   "and \"foo\", but only one was offered"},
               row{"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n", "has no value"},
               row{"Sec-WebSocket-Extensions: permessage-deflate; ;\r\n", "\"permessage-deflate; ;\" of the response"});
  CAPTURE(r.fields);
  const fixed_answer server(r.fields);
  CHECK_THAT(refused(server.port(), client_options().compression(true)),
             Catch::StartsWith("the opening handshake failed: ") && Catch::Contains(r.reason));
}

TEST_CASE("the client rejects an extension that it did not offer") {
  const fixed_answer server("Sec-WebSocket-Extensions: permessage-deflate\r\n");
  CHECK(refused(server.port(), {}) ==
        "the opening handshake failed: the server chose the extension \"permessage-deflate\", which was not offered");
}

TEST_CASE("the client offers permessage-deflate by its compression_options") {
  fixed_answer server(
      "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=9; server_no_context_takeover\r\n");
  const auto preferences =
      compression_options().server_max_window_bits(10).client_max_window_bits(11).server_no_context_takeover(true);
  CHECK(refused(server.port(), client_options().compression(preferences)) == "connected");
  CHECK_THAT(server.request(),
             Catch::Contains("Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; "
                             "server_max_window_bits=10; client_max_window_bits=11\r\n"));
}

TEST_CASE("compression_options out of range are rejected with the value and the range") {
  struct row {
    compression_options options;
    const char* text;
  };
  const auto r = GENERATE(
      row{compression_options().level(0), "the compression option level is 0, which is not from 1 to 9"},
      row{compression_options().level(10), "the compression option level is 10, which is not from 1 to 9"},
      row{compression_options().memory_level(0), "the compression option memory_level is 0, which is not from 1 to 9"},
      row{compression_options().server_max_window_bits(7),
          "the compression option server_max_window_bits is 7, which is not from 8 to 15"},
      row{compression_options().client_max_window_bits(16),
          "the compression option client_max_window_bits is 16, which is not from 8 to 15"});
  server s({.port = 0});
  s.websocket("/", websocket_options().compression(r.options), echo);
  const auto listening = s.listen();
  REQUIRE_FALSE(listening.has_value());
  CHECK(listening.error() == errc::invalid_argument);
  CHECK(listening.error().detail() == r.text);
  CHECK(refused(1, client_options().compression(r.options)) == std::string("invalid argument: ") + r.text);
}

TEST_CASE("fragments of a compressed message arrive before the next one is sent") {
  const running_server server([](twinsocket::server& s) {
    s.websocket("/", websocket_options().compression(true), [](connection socket) -> task<void> {
      message_reader in(socket);
      while (const auto kind = co_await in.next_message()) {
        message_writer out(socket, *kind);
        for (auto bytes = co_await in.read(); bytes && !bytes->empty(); bytes = co_await in.read())
          if (!co_await out.write(*bytes)) co_return;
        if (!co_await out.finish()) co_return;
      }
    });
  });
  const std::string outcome = native::run([](std::string url) -> task<std::string> {
    auto socket = co_await native::connect(std::move(url), client_options().compression(true));
    if (!socket) co_return socket.error().message();
    for (const bool compressed : {true, false}) {
      message_writer out(*socket, message_kind::text);
      out.compress(compressed);
      message_reader in(*socket);
      for (int i = 0; i < 10; ++i) {
        const std::string part = compressible_text(100 * static_cast<std::size_t>(i + 1));
        if (!co_await out.write(std::as_bytes(std::span(part)))) co_return "not written";
        if (i == 0 && !co_await in.next_message()) co_return "no message came back";
        std::string back;
        while (back.size() < part.size()) {
          const auto bytes = co_await in.read();
          if (!bytes || bytes->empty()) co_return "the message ended";
          back.append(reinterpret_cast<const char*>(bytes->data()), bytes->size());
        }
        if (back != part) co_return "something else came back";
      }
      if (!co_await out.finish()) co_return "not finished";
      const auto rest = co_await in.read();
      if (!rest || !rest->empty()) co_return "no end came back";
    }
    co_return "";
  }(url_of(server.port())));
  CHECK(outcome == "");
}
