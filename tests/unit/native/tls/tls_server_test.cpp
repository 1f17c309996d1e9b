// The server and the client with TLS, on real sockets.

#include "test.hpp"
#include <sys/socket.h>

#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>
#include <thread>

#include "authority.hpp"
#include "raw_tls_client.hpp"
#include "result_text.hpp"
#include "server/running_server.hpp"
#include "temporary_folder.hpp"
#include "tls/tls_context.hpp"
#include "twinsocket/native/client_options.hpp"
#include "twinsocket/native/run.hpp"

using namespace std::chrono_literals;
using namespace twinsocket;

namespace {

const authority& ca() {
  static const authority one;
  return one;
}

/// Stores the server's log records, which can be waited for.
class recorded_log {
 public:
  [[nodiscard]] log_hook hook() {
    return [this](const log_entry& entry) {
      const std::scoped_lock lock(mutex_);
      lines_ += std::string(entry.event) + ": " + std::string(entry.detail) + "\n";
      changed_.notify_all();
    };
  }
  [[nodiscard]] bool wait_for_line(const std::string& what) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 10s, [&] { return lines_.find(what) != std::string::npos; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string lines_;
};

void add_routes(server& to) {
  to.websocket("/echo", echo);
  to.get("/page", [](const request&) { return response::text("a page"); });
  to.get("/large", [](const request&) { return response::text(std::string(4 << 20, 'x')); });
}

server_options secure_options(server_options options = {}) {
  const certificate_and_key own = ca().issue("DNS:localhost,IP:127.0.0.1");
  options.certificate = tls_certificate::pem(own.certificate, own.key);
  return options;
}

client_options trusting() {
  return client_options(connect_options().timeout(10s)).tls(tls_options().ca_pem(ca().pem()));
}

std::string address_at(std::uint16_t port, const std::string& path = "/echo", const std::string& host = "localhost") {
  return "wss://" + host + ":" + std::to_string(port) + path;
}

task<error> failure_of(std::string address, client_options options) {
  auto opened = co_await native::connect(std::move(address), std::move(options));
  co_return opened ? error() : opened.error();
}

}  // namespace

TEST_CASE("streamed responses, pipelined requests, uploads and disconnects work over TLS") {
  std::promise<bool> gone;
  const running_server s(
      [&](server& to) {
        add_routes(to);
        to.get("/stream", [&](const request&) {
          return response::stream("text/plain", [](response_writer& out) -> task<void> {
            for (int i = 0; i < 20; ++i) {
              co_await sleep_for(1ms);
              const auto written = co_await out.write(std::string(100'000, static_cast<char>('a' + i)));
              if (!written) co_return;
            }
          });
        });
        to.get("/wait", [&](const request&) {
          return response::stream("text/plain", [&](response_writer& out) -> task<void> {
            static_cast<void>(co_await out.write("one"));
            co_await out.closed();
            gone.set_value(true);
          });
        });
        to.post("/upload", [](const request&, request_body& body) -> task<response> {
          std::size_t total = 0;
          while (!body.at_end()) {
            const auto piece = co_await body.read();
            if (!piece) co_return response(400);
            total += piece->size();
          }
          co_return response::text(std::to_string(total));
        });
      },
      secure_options());
  {
    raw_tls_client client(s.port());
    client.send("GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK_THAT(client.read_header(), Catch::Contains("Transfer-Encoding: chunked"));
    client.send("GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const std::string streamed = client.receive(20 * (100'000 + 9) + 5);
    CHECK(streamed.ends_with("tttt\r\n0\r\n\r\n"));
    CHECK_THAT(client.read_header(), Catch::StartsWith("HTTP/1.1 200 OK"));
    CHECK(client.receive(6) == "a page");
    client.send("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n" +
                std::string(1'000'000, 'x'));
    CHECK_THAT(client.read_header(), Catch::StartsWith("HTTP/1.1 200 OK"));
    CHECK(client.receive(7) == "1000000");
    client.send("GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK_THAT(client.read_header(), Catch::StartsWith("HTTP/1.1 200 OK"));
    CHECK(client.receive(8) == "3\r\none\r\n");
  }
  CHECK(gone.get_future().wait_for(10s) == std::future_status::ready);
}

TEST_CASE("redirect_port redirects plain HTTP requests to https") {
  server_options options = secure_options();
  options.port = 0;
  options.redirect_port = 0;
  server s(options);
  add_routes(s);
  REQUIRE(s.listen());
  std::thread running([&] { s.run(); });
  const std::string secure = std::to_string(s.port());
  const auto location = [&](const std::string& line, const std::string& host) {
    const raw_response reply = http_exchange(s.redirect_port(), line + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    CHECK(reply.status == 308);
    CHECK(reply["connection"] == "close");
    return reply["location"];
  };
  CHECK(location("GET /page?a=b%20c", "localhost:80") == "https://localhost:" + secure + "/page?a=b%20c");
  CHECK(location("POST http://example.com", "ignored") == "https://example.com:" + secure + "/");
  CHECK(location("GET //evil.example/", "[::1]:80") == "https://[::1]:" + secure + "//evil.example/");
  CHECK(http_exchange(s.redirect_port(), "GET / HTTP/1.0\r\n\r\n").status == 400);
  CHECK(http_exchange(s.redirect_port(), "GET / HTTP/1.1\r\nHost: a b\r\n\r\n").status == 400);
  s.stop();
  running.join();
  // Without TLS there is no target to redirect to.
  server plain({.address = "127.0.0.1", .port = 0, .redirect_port = 0});
  const auto refused = plain.listen();
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().detail(), Catch::Contains("redirect_port 0"));
}

TEST_CASE("messages of all sizes are echoed over TLS") {
  const running_server s(add_routes, secure_options());
  native::run([](std::string address) -> task<void> {
    auto socket = co_await native::connect(address, trusting());
    REQUIRE(socket);
    for (const std::size_t size : {0U, 125U, 16'384U, 1'000'000U, 8'000'000U}) {
      const std::string text(size, 'x');
      const auto sent = co_await socket->send(text);
      CHECK(static_cast<bool>(sent));
      const auto back = co_await socket->receive();
      REQUIRE(back);
      CHECK((back->text() == text));
    }
    const close_info end = co_await socket->close();
    CHECK(end.clean);
    CHECK(end.is(close_code::normal));
  }(address_at(s.port(), "/echo", GENERATE("localhost", "127.0.0.1"))));
}

TEST_CASE("many concurrent messages keep their order over TLS") {
  const running_server s(add_routes, secure_options());
  native::run([](std::string address) -> task<void> {
    auto socket = co_await native::connect(address, trusting());
    REQUIRE(socket);
    constexpr int count = 3'000;
    const auto text_of = [](int i) {
      return std::to_string(i) + std::string(static_cast<std::size_t>(i) * 37 % 9'000, 'x');
    };
    spawn([](connection& to, auto make) -> task<void> {
      for (int i = 0; i < count; ++i) {
        const std::string text = make(i);
        co_await to.send(text);
      }
    }(*socket, text_of));
    int wrong = 0;
    for (int i = 0; i < count; ++i) {
      const auto back = co_await socket->receive();
      REQUIRE(back);
      if (back->text() != text_of(i)) ++wrong;
    }
    CHECK(wrong == 0);
    const close_info end = co_await socket->close();
    CHECK(end.clean);
  }(address_at(s.port())));
}

TEST_CASE("HTTP and WebSockets are served on the same TLS port") {
  const running_server s(add_routes, secure_options());
  raw_tls_client client(s.port());
  client.send("GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK_THAT(client.read_header(), Catch::StartsWith("HTTP/1.1 200 OK\r\n"));
  CHECK(client.receive(6) == "a page");
  client.send(
      "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\nGET /page HTTP/1.1\r\nHost: localhost\r\nConnection: "
      "close\r\n\r\n");
  static_cast<void>(client.read_header());
  CHECK((client.receive(4 << 20) == std::string(4 << 20, 'x')));
  CHECK_THAT(client.read_to_end(), Catch::EndsWith("a page"));
}

TEST_CASE("frames in the TLS record of the handshake request are delivered") {
  const running_server s(add_routes, secure_options());
  raw_tls_client client(s.port());
  client.send(upgrade_request("/echo") + client_text("one") + client_text("two"));
  CHECK_THAT(client.read_header(), Catch::StartsWith("HTTP/1.1 101 "));
  CHECK(client.receive(10) == "\x81\x03one\x81\x03two");
  client.send(client_close(1000));
  CHECK(client.read_to_end() == "\x88\x02\x03\xe8");
}

TEST_CASE("ALPN selects http/1.1 and other offers fail the handshake") {
  const running_server s(add_routes, secure_options());
  CHECK(raw_tls_client(s.port(), {.version = 0, .alpn = "\x02h2\x08http/1.1"}).alpn() == "http/1.1");
  CHECK(raw_tls_client(s.port()).alpn().empty());
  CHECK_THROWS(raw_tls_client(s.port(), {.version = 0, .alpn = "\x02h2"}));
}

TEST_CASE("TLS renegotiation is refused") {
  const running_server s(add_routes, secure_options());
  raw_tls_client client(s.port(), {.version = TLS1_2_VERSION, .alpn = {}});
  client.send(upgrade_request("/echo"));
  CHECK_THAT(client.read_header(), Catch::StartsWith("HTTP/1.1 101 "));
  // The server answers with a warning alert; a client that insists does not succeed.
  SSL_renegotiate(client.handle());
  CHECK(SSL_do_handshake(client.handle()) != 1);
}

TEST_CASE("TLS 1.3 key updates are handled while the connection is open") {
  const running_server s(add_routes, secure_options());
  raw_tls_client client(s.port(), {.version = TLS1_3_VERSION, .alpn = {}});
  client.send(upgrade_request("/echo"));
  CHECK_THAT(client.read_header(), Catch::StartsWith("HTTP/1.1 101 "));
  for (int i = 0; i < 3; ++i) {
    REQUIRE(SSL_key_update(client.handle(), SSL_KEY_UPDATE_REQUESTED) == 1);
    client.send(client_text("one"));
    CHECK(client.receive(5) == "\x81\x03one");
  }
}

TEST_CASE("a TLS stream that ends without close_notify is 1006") {
  std::mutex mutex;
  std::optional<error> why;
  std::optional<close_info> end;
  {
    const running_server s(
        [&](server& to) {
          to.websocket("/", [&](connection socket) -> task<void> {
            const auto got = co_await socket.receive();
            const close_info info = co_await socket.closed();
            const std::scoped_lock lock(mutex);
            if (!got) why = got.error();
            end = info;
          });
        },
        secure_options());
    raw_tls_client client(s.port());
    client.send(upgrade_request("/"));
    CHECK_THAT(client.read_header(), Catch::StartsWith("HTTP/1.1 101 "));
    ::shutdown(client.socket(), SHUT_WR);
    CHECK_THROWS(client.read_to_end());
  }
  REQUIRE(why);
  CHECK(*why == errc::tls_failed);
  CHECK_THAT(why->message(), Catch::Contains("close_notify"));
  CHECK(end->is(close_code::abnormal));
}

TEST_CASE("handshake_timeout limits the TLS handshake and the first request together") {
  server_options options = secure_options();
  options.websockets.limits(limits().handshake_timeout(300ms));
  recorded_log log;
  options.log = log.hook();
  const running_server s(add_routes, options);
  const auto begin = std::chrono::steady_clock::now();
  SECTION("no bytes") {
    raw_client client(s.port());
    CHECK(client.ended());
  }
  SECTION("an incomplete TLS handshake") {
    raw_client client(s.port());
    client.send("\x16\x03\x01");
    CHECK(client.ended());
    CHECK(log.wait_for_line("tls failed: it took longer than 300 ms"));
  }
  SECTION("no request after the TLS handshake") {
    raw_tls_client client(s.port());
    CHECK(client.read_to_end().empty());
  }
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
}

TEST_CASE("a plain HTTP request to a TLS port is answered 400") {
  const running_server s(add_routes, secure_options());
  raw_client client(s.port());
  client.send("GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const raw_response reply = client.read_response();
  CHECK(reply.status == 400);
  CHECK_THAT(reply.body, Catch::Contains("https://"));
  CHECK(client.ended());
}

TEST_CASE("a connection over max_connections is answered 503 over TLS") {
  server_options options = secure_options();
  options.max_connections = 1;
  const running_server s(add_routes, options);
  raw_tls_client first(s.port());
  raw_tls_client second(s.port());
  CHECK_THAT(second.read_header(), Catch::StartsWith("HTTP/1.1 503 "));
}

TEST_CASE("stop() closes with 1001 over TLS") {
  running_server s(add_routes, secure_options());
  raw_tls_client client(s.port());
  client.send(upgrade_request("/echo"));
  CHECK_THAT(client.read_header(), Catch::StartsWith("HTTP/1.1 101 "));
  s.stop();
  const std::string frame = client.receive(4);
  CHECK(frame.substr(2) == "\x03\xe9");
}

TEST_CASE("a changed certificate file is loaded and an invalid one is not") {
  const temporary_folder folder;
  const std::string certificate = folder.path() / "certificate.pem";
  const std::string key = folder.path() / "key.pem";
  const auto put = [&](const certificate_and_key& one) {
    folder.write("certificate.pem", one.certificate);
    folder.write("key.pem", one.key);
  };
  const auto print = [](const certificate_and_key& one) {
    return (*detail::tls_context::for_server(one.certificate, one.key, ""))->fingerprint();
  };
  const certificate_and_key first = ca().issue("DNS:localhost");
  const certificate_and_key second = ca().issue("DNS:localhost");
  put(first);
  server_options options;
  options.certificate = tls_certificate::files(certificate, key);
  recorded_log log;
  options.log = log.hook();
  options.port = 0;
  server s(options);
  add_routes(s);
  const auto port = s.listen();
  REQUIRE(port);
  CHECK(s.certificate_fingerprint() == print(first));
  std::thread running([&] { s.run(); });

  put({second.certificate, first.key});
  CHECK_FALSE(s.reload_certificate());
  CHECK(log.wait_for_line("certificate not changed: "));
  CHECK(log.wait_for_line(certificate + " and " + key + ": the key does not match the certificate"));
  CHECK(s.certificate_fingerprint() == print(first));
  CHECK(native::run(failure_of(address_at(*port), trusting())) == errc::ok);

  put(second);
  CHECK(s.reload_certificate());
  CHECK(s.certificate_fingerprint() == print(second));

  // By itself the server checks at most once a second.
  put(first);
  for (const auto until = std::chrono::steady_clock::now() + 10s;
       s.certificate_fingerprint() != print(first) && std::chrono::steady_clock::now() < until;)
    CHECK(native::run(failure_of(address_at(*port), trusting())) == errc::ok);
  CHECK(s.certificate_fingerprint() == print(first));
  s.stop();
  running.join();
}

TEST_CASE("an unusable certificate is an error of listen()") {
  server_options options;
  options.port = 0;
  options.certificate = tls_certificate::files("/no/such/certificate", "/no/such/key");
  server s(options);
  const auto listening = s.listen();
  REQUIRE_FALSE(listening);
  CHECK_THAT(listening.error().message(), Catch::Contains("/no/such/certificate"));
}

TEST_CASE("the client rejects an untrusted or mismatched certificate with the reason") {
  const running_server s(add_routes, secure_options());
  const error unknown = native::run(failure_of(address_at(s.port()), connect_options()));
  CHECK(unknown == errc::tls_failed);
  CHECK_THAT(unknown.message(), Catch::Contains("not trusted: \"CN = test authority\""));
  const error other_name = native::run(
      failure_of(address_at(s.port()), trusting().tls(tls_options(trusting().tls()).server_name("example.com"))));
  CHECK_THAT(other_name.message(), Catch::Contains("is for \"localhost, 127.0.0.1\" and not for \"example.com\""));
  CHECK(native::run(failure_of(address_at(s.port()), client_options().tls(tls_options().insecure_skip_verify()))) ==
        errc::ok);
}

TEST_CASE("wss to a server without TLS is reported as such") {
  const running_server s(add_routes);
  const error why = native::run(failure_of(address_at(s.port()), trusting()));
  CHECK(why == errc::tls_failed);
  CHECK_THAT(why.message(), Catch::Contains("localhost does not speak TLS"));
}
