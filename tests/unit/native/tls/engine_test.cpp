// TLS without a network: two engines that talk to each other in memory.

#include "test.hpp"
#include <algorithm>
#include <vector>

#include "authority.hpp"
#include "result_text.hpp"
#include "tls/nested_engine.hpp"
#include "tls/openssl_engine.hpp"
#include "tls/tls_context.hpp"

using namespace twinsocket;
using namespace twinsocket::detail;
using progress = tls_engine::progress;

namespace {

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::shared_ptr<const tls_context> server_context(const certificate_and_key& own) {
  auto made = tls_context::for_server(own.certificate, own.key, "the test's");
  REQUIRE(made);
  return *made;
}

std::shared_ptr<const tls_context> client_context(const tls_options& options) {
  auto made = tls_context::for_client(options);
  REQUIRE(made);
  return *made;
}

/// Both ends of a TLS connection.
struct two {
  std::unique_ptr<tls_engine> client;
  std::unique_ptr<tls_engine> server;

  /// Moves the output of one end to the other, `piece` bytes at a time.
  static void carry(tls_engine& from, tls_engine& to, std::size_t piece = SIZE_MAX) {
    const buffer bytes(from.output().bytes());
    from.output().reset();
    for (auto rest = bytes.bytes(); !rest.empty(); rest = rest.subspan(std::min(piece, rest.size()))) {
      to.feed(rest.first(std::min(piece, rest.size())));
      if (piece != SIZE_MAX) static_cast<void>(to.handshake());
      to.retain_input();
    }
  }

  /// Runs until both are done or one has failed.
  std::pair<progress, progress> run_handshake(std::size_t piece = SIZE_MAX) {
    std::pair<progress, progress> now{progress::needs_input, progress::needs_input};
    for (int turns = 0; turns < 20; ++turns) {
      now.first = client->handshake();
      carry(*client, *server, piece);
      now.second = server->handshake();
      carry(*server, *client, piece);
      if (now.first != progress::needs_input && now.second != progress::needs_input) break;
      if (now.first == progress::failed) {
        now.second = server->handshake();
        break;
      }
    }
    return now;
  }
};

two meet(const certificate_and_key& own, const tls_options& options, const std::string& host) {
  return {make_client_engine(*client_context(options), host), make_server_engine(*server_context(own))};
}

std::string refusal_of(const certificate_and_key& own, const tls_options& options, const std::string& host) {
  two ends = meet(own, options, host);
  CHECK(ends.run_handshake().first == progress::failed);
  CHECK(ends.client->failure() == errc::tls_failed);
  return ends.client->failure().detail();
}

std::string read_all(tls_engine& from) {
  std::string all;
  for (;;) {
    std::array<std::byte, 1000> room;
    std::size_t count = 0;
    static_cast<void>(from.read(room, count));
    if (count == 0) return all;
    all += text_of(std::span(room).first(count));
  }
}

}  // namespace

TEST_CASE("data round-trips between two engines for every segmentation") {
  const authority ca;
  const certificate_and_key own = ca.issue("DNS:localhost,IP:127.0.0.1,IP:::1");
  const std::size_t piece = GENERATE(std::size_t{1}, std::size_t{7}, std::size_t{1000}, SIZE_MAX);
  two ends = meet(own, tls_options().ca_pem(ca.pem()), GENERATE("localhost", "127.0.0.1", "::1", "localhost."));
  REQUIRE(ends.run_handshake(piece) == std::pair(progress::done, progress::done));
  const std::string long_text(100'000, 'x');
  REQUIRE(ends.client->write(text_bytes("hello")));
  REQUIRE(ends.client->write(text_bytes(long_text)));
  two::carry(*ends.client, *ends.server, piece);
  CHECK(ends.server->pending());
  CHECK((read_all(*ends.server) == "hello" + long_text));
  CHECK_FALSE(ends.server->pending());
  REQUIRE(ends.server->write(text_bytes("and back")));
  two::carry(*ends.server, *ends.client, piece);
  CHECK(read_all(*ends.client) == "and back");
}

TEST_CASE("close_notify is reported as the end of the stream") {
  const authority ca;
  two ends = meet(ca.issue("DNS:localhost"), tls_options().ca_pem(ca.pem()), "localhost");
  REQUIRE(ends.run_handshake() == std::pair(progress::done, progress::done));
  std::array<std::byte, 10> room;
  std::size_t count = 0;
  static_cast<void>(ends.client->read(room, count));
  CHECK(ends.server->read(room, count) == progress::needs_input);
  REQUIRE(ends.client->write(text_bytes("bye")));
  ends.client->finish();
  two::carry(*ends.client, *ends.server);
  CHECK(ends.server->read(room, count) != progress::failed);
  CHECK(text_of(std::span(room).first(count)) == "bye");
  CHECK(ends.server->read(room, count) == progress::ended);
}

TEST_CASE("an incomplete TLS record yields no data") {
  const authority ca;
  const certificate_and_key own = ca.issue("DNS:localhost");
  two ends = meet(own, tls_options().ca_pem(ca.pem()), "localhost");
  REQUIRE(ends.run_handshake() == std::pair(progress::done, progress::done));
  std::array<std::byte, 100> room;
  std::size_t count = 0;
  static_cast<void>(ends.server->read(room, count));
  REQUIRE(ends.client->write(text_bytes(std::string(50, 'x'))));
  const buffer record(ends.client->output().bytes());
  const std::size_t first = GENERATE(std::size_t{1}, std::size_t{4}, std::size_t{5}, std::size_t{6}, std::size_t{40});
  ends.server->feed(record.bytes().first(first));
  CHECK(ends.server->read(room, count) == progress::needs_input);
  ends.server->retain_input();
  CHECK_FALSE(ends.server->pending());
  ends.server->feed(record.bytes().subspan(first));
  CHECK(ends.server->pending());
  CHECK(read_all(*ends.server) == std::string(50, 'x'));
}

TEST_CASE("a modified TLS record fails the engine") {
  const authority ca;
  two ends = meet(ca.issue("DNS:localhost"), tls_options().ca_pem(ca.pem()), "localhost");
  REQUIRE(ends.run_handshake() == std::pair(progress::done, progress::done));
  REQUIRE(ends.client->write(text_bytes("hello")));
  ends.client->output().bytes().back() ^= std::byte{1};
  two::carry(*ends.client, *ends.server);
  std::array<std::byte, 10> room;
  std::size_t count = 0;
  CHECK(ends.server->read(room, count) == progress::failed);
  CHECK(count == 0);
  CHECK(ends.server->failure() == errc::tls_failed);
}

TEST_CASE("a certificate is rejected with the failed check") {
  const authority ca("our authority");
  const authority other("somebody else");
  const tls_options trusting = tls_options().ca_pem(ca.pem());
  CHECK_THAT(refusal_of(ca.issue("DNS:localhost", -30, -1), trusting, "localhost"),
             Catch::Contains("certificate of localhost has expired") && Catch::Contains("valid until 20"));
  CHECK_THAT(refusal_of(ca.issue("DNS:localhost", 1, 30), trusting, "localhost"), Catch::Contains("not valid yet"));
  CHECK(refusal_of(ca.issue("DNS:example.com,DNS:*.example.org,IP:192.0.2.1,IP:2001:db8::1"), trusting, "localhost") ==
        "the certificate of localhost is for \"example.com, *.example.org, 192.0.2.1, 2001:db8::1\" and not for "
        "\"localhost\"");
  CHECK_THAT(refusal_of(ca.issue("DNS:localhost"), trusting, "127.0.0.1"), Catch::Contains("not for \"127.0.0.1\""));
  CHECK_THAT(refusal_of(ca.issue("DNS:127.0.0.1"), trusting, "127.0.0.1"), Catch::Contains("not for \"127.0.0.1\""));
  CHECK_THAT(refusal_of(ca.issue("IP:127.0.0.1"), trusting, "::1"), Catch::Contains("not for \"::1\""));
  CHECK_THAT(refusal_of(ca.issue(""), trusting, "localhost"), Catch::Contains("is for no name at all"));
  // RFC 9525 section 6.4: the subject is not used as a name, even if there is no other.
  CHECK_THAT(refusal_of(ca.issue_to("localhost"), trusting, "localhost"), Catch::Contains("is for no name at all"));
  CHECK_THAT(refusal_of(ca.issue("DNS:*.localhost"), trusting, "a.b.localhost"), Catch::Contains("not for"));
  CHECK_THAT(refusal_of(other.issue("DNS:localhost"), trusting, "localhost"),
             Catch::Contains("not trusted") && Catch::Contains("somebody else"));
  CHECK_THAT(refusal_of(ca.issue("DNS:localhost"), tls_options(), "localhost"), Catch::Contains("not trusted"));
  const auto self_signed = tls_certificate::self_signed();
  REQUIRE(self_signed);
  CHECK_THAT(refusal_of({self_signed->certificate(), self_signed->key()}, trusting, "localhost"),
             Catch::Contains("is self-signed and not trusted"));
}

TEST_CASE("control characters of a certificate are not part of the error") {
  const authority ca("our\x1b[2J authority\n");
  const std::string text = refusal_of(ca.issue("DNS:localhost"), tls_options(), "localhost");
  CHECK(std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; }));
}

TEST_CASE("a self-signed certificate is accepted if it is given as CA") {
  const auto own = tls_certificate::self_signed();
  REQUIRE(own);
  two ends = meet({own->certificate(), own->key()}, tls_options().ca_pem(own->certificate()),
                  GENERATE("localhost", "127.0.0.1", "::1"));
  CHECK(ends.run_handshake() == std::pair(progress::done, progress::done));
}

TEST_CASE("ca_pem() trusts a leaf or intermediate certificate without its issuer") {
  const authority root("the root");
  const authority middle("the one between", root);
  const certificate_and_key own = middle.issue("DNS:localhost");
  const auto trusting = [&](const std::string& named) {
    two ends = meet(own, tls_options().ca_pem(named), "localhost");
    return ends.run_handshake().first;
  };
  CHECK(trusting(own.certificate) == progress::done);
  CHECK(trusting(middle.pem()) == progress::done);
  CHECK(trusting(root.pem()) == progress::failed);  // The server does not send the intermediate certificate.
  CHECK(trusting(middle.issue("DNS:localhost").certificate) == progress::failed);
}

TEST_CASE("insecure_skip_verify() accepts any certificate") {
  const authority ca;
  two ends = meet(ca.issue("DNS:example.com", -30, -1), tls_options().insecure_skip_verify(), "localhost");
  CHECK(ends.run_handshake() == std::pair(progress::done, progress::done));
}

TEST_CASE("each self_signed() certificate has its own fingerprint") {
  const auto one = tls_certificate::self_signed();
  const auto another = tls_certificate::self_signed();
  REQUIRE((one && another));
  const auto print = server_context({one->certificate(), one->key()})->fingerprint();
  CHECK(print.size() == 32 * 3 - 1);
  CHECK(print.find_first_not_of("0123456789ABCDEF:") == std::string::npos);
  CHECK(server_context({another->certificate(), another->key()})->fingerprint() != print);
}

TEST_CASE("invalid certificates and keys are rejected by name") {
  const authority ca;
  const certificate_and_key own = ca.issue("DNS:localhost");
  const auto complaint = [](const auto& made) { return made ? std::string() : made.error().message(); };
  CHECK_THAT(complaint(tls_context::for_server("nonsense", own.key, "a.pem")),
             Catch::Contains("a.pem: there is no certificate in PEM form"));
  CHECK_THAT(complaint(tls_context::for_server(own.certificate, "", "a.pem")), Catch::Contains("there is no key"));
  CHECK_THAT(complaint(tls_context::for_server(own.certificate, ca.issue("DNS:a").key, "a.pem")),
             Catch::Contains("the key does not match the certificate"));
  CHECK_THAT(complaint(tls_context::for_client(tls_options().ca_file("/no/such/file"))),
             Catch::Contains("/no/such/file") && Catch::Contains("No such file or directory"));
  CHECK_THAT(complaint(tls_context::for_client(tls_options().ca_file("/etc/passwd"))),
             Catch::Contains("/etc/passwd: there is no certificate"));
  CHECK_THAT(complaint(tls_context::for_client(tls_options().certificate_files("/no/such/file", "/no/key"))),
             Catch::Contains("/no/such/file"));
}

TEST_CASE("versions before TLS 1.2 are rejected") {
  const authority ca;
  const certificate_and_key own = ca.issue("DNS:localhost");
  const auto context = server_context(own);
  const ssl_context_ptr old(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_security_level(old.get(), 0);
  const int version = GENERATE(TLS1_1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION);
  SSL_CTX_set_min_proto_version(old.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(old.get(), version);
  SSL_CTX_set_cipher_list(old.get(), "ALL:@SECLEVEL=0");
  ssl_context_ptr handle(old.get());
  SSL_CTX_up_ref(old.get());
  const tls_context client(std::move(handle));
  two ends{make_client_engine(client, "localhost"), make_server_engine(*context)};
  const auto now = ends.run_handshake();
  if (version == TLS1_1_VERSION) {
    CHECK(now.second == progress::failed);
    CHECK_THAT(ends.server->failure().detail(), Catch::Contains("TLS version from 1.2 on"));
  } else {
    CHECK(now == std::pair(progress::done, progress::done));
  }
}

TEST_CASE("a response that is not TLS is reported as such") {
  const authority ca;
  const auto engine = make_client_engine(*client_context(tls_options().ca_pem(ca.pem())), "localhost");
  CHECK(engine->handshake() == progress::needs_input);
  engine->feed(text_bytes("HTTP/1.1 400 Bad Request\r\n\r\n"));
  CHECK(engine->handshake() == progress::failed);
  CHECK(engine->failure().detail().starts_with("localhost does not speak TLS"));
}

TEST_CASE("TLS within TLS transfers data and close_notify") {
  const authority ca;
  const certificate_and_key own = ca.issue("DNS:localhost");
  const tls_options options = tls_options().ca_pem(ca.pem());
  two outer = meet(own, options, "localhost");
  REQUIRE(outer.run_handshake() == std::pair(progress::done, progress::done));
  two inner = meet(own, options, "localhost");
  two both{make_nested_engine(std::move(outer.client), std::move(inner.client)),
           make_nested_engine(std::move(outer.server), std::move(inner.server))};
  REQUIRE(both.run_handshake() == std::pair(progress::done, progress::done));
  const std::string text(50'000, 'x');
  REQUIRE(both.client->write(text_bytes(text)));
  two::carry(*both.client, *both.server);
  CHECK((read_all(*both.server) == text));
  both.server->finish();
  two::carry(*both.server, *both.client);
  std::array<std::byte, 10> room;
  std::size_t count = 0;
  CHECK(both.client->read(room, count) == progress::ended);
}

TEST_CASE("the system's certificate store is loaded once and not shared with custom CAs") {
  const auto first = client_context(tls_options());
  const auto second = client_context(tls_options());
  CHECK(SSL_CTX_get_cert_store(first->handle()) == SSL_CTX_get_cert_store(second->handle()));
  const auto other = client_context(tls_options().ca_pem(authority().pem()));
  CHECK(SSL_CTX_get_cert_store(other->handle()) != SSL_CTX_get_cert_store(first->handle()));
}
