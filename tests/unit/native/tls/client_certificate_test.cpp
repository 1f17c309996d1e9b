// Client certificates on the server.

#include "test.hpp"
#include <openssl/pem.h>

#include <condition_variable>
#include <mutex>
#include <optional>

#include "authority.hpp"
#include "result_text.hpp"
#include "server/raw_client.hpp"
#include "server/running_server.hpp"
#include "temporary_folder.hpp"
#include "twinsocket/native/client_options.hpp"
#include "twinsocket/native/run.hpp"

using namespace std::chrono_literals;
using namespace twinsocket;

namespace {

const authority& server_ca() {
  static const authority one("the servers' authority");
  return one;
}
const authority& client_ca() {
  static const authority one("the clients' authority");
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
    const bool found = changed_.wait_for(lock, 10s, [&] { return lines_.find(what) != std::string::npos; });
    if (!found) UNSCOPED_INFO(lines_);
    return found;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string lines_;
};

std::string joined(const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& one : list) text += (text.empty() ? "" : "|") + one;
  return text;
}

std::string described(const request& req) {
  const client_certificate* const shown = req.client_certificate();
  if (!shown) return std::string(req.scheme()) + " none";
  return std::string(req.scheme()) + " " + shown->subject + "; " + shown->common_name + "; " + shown->issuer + "; " +
         joined(shown->dns_names) + "; " + joined(shown->email_addresses) + "; " + joined(shown->uris);
}

void add_routes(server& to) {
  to.get("/who", [](const request& req) { return response::text(described(req)); });
  to.websocket("/who", websocket_options().on_request([](const request& req) -> admission {
    const client_certificate* const shown = req.client_certificate();
    if (shown && shown->common_name == "banned") return response::text("banned").status(403);
    return {};
  }),
               [](connection socket, const request& req) -> task<void> {
                 const std::string text = described(req);
                 co_await socket.send(text);
                 while (co_await socket.receive()) {
                 }
               });
}

server_options asking(client_certificates how) {
  server_options options;
  const certificate_and_key own = server_ca().issue("DNS:localhost,IP:127.0.0.1");
  options.certificate = tls_certificate::pem(own.certificate, own.key);
  options.client_certificates = std::move(how);
  return options;
}

client_options showing(const std::optional<certificate_and_key>& own) {
  tls_options tls;
  tls.ca_pem(server_ca().pem());
  if (own) tls.certificate_pem(own->certificate, own->key);
  return client_options(connect_options().timeout(10s)).tls(tls);
}

// The handler's reply, or the error.
std::string said_to(std::uint16_t port, const std::optional<certificate_and_key>& own) {
  const std::string address = "wss://localhost:" + std::to_string(port) + "/who";
  return native::run([](std::string url, client_options options) -> task<std::string> {
    auto socket = co_await native::connect(url, options);
    if (!socket) co_return socket.error().message();
    const auto first = co_await socket->receive();
    if (!first) co_return first.error().message();
    co_return std::string(first->text());
  }(address, showing(own)));
}

}  // namespace

TEST_CASE("request::client_certificate() describes the client's certificate") {
  const auto how = GENERATE(client_certificates::required(), client_certificates::optional());
  const running_server s(add_routes, asking(client_certificates(how).ca_pem(client_ca().pem())));
  const certificate_and_key jan =
      client_ca().issue_to("Jan \xc3\xa9", "DNS:jan.example,email:jan@example.com,URI:spiffe://example/jan");
  CHECK(said_to(s.port(), jan) ==
        "https CN=Jan \xc3\xa9; Jan \xc3\xa9; CN=the clients' authority; jan.example; jan@example.com; "
        "spiffe://example/jan");
  CHECK_THAT(said_to(s.port(), client_ca().issue_to("banned")), Catch::Contains("403"));
}

TEST_CASE("a missing client certificate is rejected if required and accepted if optional") {
  recorded_log log;
  server_options required = asking(client_certificates::required().ca_pem(client_ca().pem()));
  required.log = log.hook();
  {
    const running_server s(add_routes, required);
    CHECK_THAT(said_to(s.port(), {}), Catch::Contains("localhost requires a client certificate"));
    CHECK(log.wait_for_line("the client sent no certificate"));
  }
  const running_server s(add_routes, asking(client_certificates::optional().ca_pem(client_ca().pem())));
  CHECK(said_to(s.port(), {}) == "https none");
}

TEST_CASE("an untrusted or expired client certificate is rejected even if optional") {
  const auto how = GENERATE(client_certificates::required(), client_certificates::optional());
  recorded_log log;
  server_options options = asking(client_certificates(how).ca_pem(client_ca().pem()));
  options.log = log.hook();
  const running_server s(add_routes, options);
  CHECK_THAT(said_to(s.port(), authority("a stranger").issue_to("jan")), !Catch::Contains("CN="));
  CHECK(log.wait_for_line(
      "the certificate of the client is signed by a certificate authority that is not trusted: \"CN = a stranger\""));
  // Certificates of the authority that signed the server's own are refused too.
  CHECK_THAT(said_to(s.port(), server_ca().issue_to("jan")), !Catch::Contains("CN="));
  CHECK_THAT(said_to(s.port(), client_ca().issue("DNS:jan", -20, -10)), !Catch::Contains("CN="));
  CHECK(log.wait_for_line("the certificate of the client has expired"));
}

TEST_CASE("a server without client_certificates ignores them") {
  const running_server s(add_routes, asking({}));
  CHECK(said_to(s.port(), client_ca().issue_to("jan")) == "https none");
}

TEST_CASE("a resumed TLS session keeps the client certificate") {
  const running_server s(add_routes, asking(client_certificates::required().ca_pem(client_ca().pem())));
  const certificate_and_key jan = client_ca().issue_to("jan");
  detail::ssl_context_ptr context(SSL_CTX_new(TLS_client_method()));
  const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  SSL_CTX_set_max_proto_version(context.get(), version);
  const detail::bio_ptr certificate(BIO_new_mem_buf(jan.certificate.data(), static_cast<int>(jan.certificate.size())));
  const detail::bio_ptr key(BIO_new_mem_buf(jan.key.data(), static_cast<int>(jan.key.size())));
  const detail::certificate_ptr own(PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr));
  const detail::key_ptr own_key(PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, nullptr));
  REQUIRE(SSL_CTX_use_certificate(context.get(), own.get()) == 1);
  REQUIRE(SSL_CTX_use_PrivateKey(context.get(), own_key.get()) == 1);
  SSL_SESSION* session = nullptr;
  for (int i = 0; i < 2; ++i) {
    const raw_client plain(s.port());
    const detail::ssl_ptr ssl(SSL_new(context.get()));
    SSL_set_fd(ssl.get(), plain.socket());
    if (session) SSL_set_session(ssl.get(), session);
    REQUIRE(SSL_connect(ssl.get()) == 1);
    CHECK(SSL_session_reused(ssl.get()) == i);
    const std::string text = "GET /who HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    REQUIRE(SSL_write(ssl.get(), text.data(), static_cast<int>(text.size())) > 0);
    std::string got;
    char bytes[4096];
    for (int count = 0; (count = SSL_read(ssl.get(), bytes, sizeof bytes)) > 0;)
      got.append(bytes, static_cast<std::size_t>(count));
    CHECK_THAT(got, Catch::Contains("https CN=jan; jan;"));
    if (!session) session = SSL_get1_session(ssl.get());
    SSL_shutdown(ssl.get());
  }
  SSL_SESSION_free(session);
}

TEST_CASE("reload_certificate() reads the client CA file again") {
  const temporary_folder folder;
  folder.write("clients.pem", client_ca().pem());
  const std::string path = (folder.path() / "clients.pem").string();
  running_server s(add_routes, asking(client_certificates::required().ca_file(path)));
  const authority next("the next authority");
  CHECK_THAT(said_to(s.port(), client_ca().issue_to("jan")), Catch::Contains("CN=jan"));
  CHECK_THAT(said_to(s.port(), next.issue_to("piet")), !Catch::Contains("CN="));
  folder.write("clients.pem", next.pem());
  REQUIRE(static_cast<bool>(s.get().reload_certificate()));
  CHECK_THAT(said_to(s.port(), next.issue_to("piet")), Catch::Contains("CN=piet"));
  CHECK_THAT(said_to(s.port(), client_ca().issue_to("jan")), !Catch::Contains("CN="));
}

TEST_CASE("invalid client_certificates options are errors of listen()") {
  const auto why_not = [](server_options options) {
    options.port = 0;
    server one(std::move(options));
    const auto listening = one.listen();
    return listening ? std::string() : listening.error().message();
  };
  CHECK_THAT(why_not(asking(client_certificates::required())), Catch::Contains("no certificate authority is given"));
  CHECK_THAT(why_not(asking(client_certificates::optional().ca_file("/no/such/file"))),
             Catch::Contains("/no/such/file"));
  CHECK_THAT(why_not(asking(client_certificates::optional().ca_pem("x"))), Catch::Contains("ca_pem"));
  server_options plain;
  plain.client_certificates = client_certificates::required().ca_pem(client_ca().pem());
  CHECK_THAT(why_not(plain), Catch::Contains("has no certificate"));
}
