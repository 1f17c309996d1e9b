#include "server/forwarded.hpp"

#include "test.hpp"
#include <vector>

#include "parsed_request.hpp"
#include "raw_client.hpp"
#include "request_text.hpp"
#include "running_server.hpp"
#include "temporary_folder.hpp"

using twinsocket::forwarding_header;
using twinsocket::listener;
using twinsocket::request;
using twinsocket::response;
using twinsocket::server;
using twinsocket::server_options;
using twinsocket::trusted_proxies;
using namespace twinsocket::detail;

namespace {

const trusted_proxy_set& proxies(forwarding_header which = forwarding_header::x_forwarded) {
  static const trusted_proxy_set one = *trusted_proxy_set::make({"10.0.0.0/8", "fd00::/8"});
  static const trusted_proxy_set other =
      *trusted_proxy_set::make(trusted_proxies{"10.0.0.0/8", "fd00::/8"}.header(forwarding_header::forwarded));
  return which == forwarding_header::forwarded ? other : one;
}

// Address, scheme and host, "-" for each that is unknown; or the error.
std::string client_of(std::string_view fields, forwarding_header which = forwarding_header::x_forwarded) {
  const parsed_request parsed(get("/", fields));
  const auto hops = forwarded_hops(parsed.req, which);
  if (!hops) return "malformed";
  const auto client = find_client(*hops, proxies(which));
  std::string text = client.address ? client.address->text : "-";
  for (const std::string& part : {client.scheme, client.host}) text += " " + (part.empty() ? "-" : part);
  return text;
}

std::string forwarded(std::string_view value) {
  return client_of("Forwarded: " + std::string(value) + "\r\n", forwarding_header::forwarded);
}

std::string x_forwarded_for(std::string_view value) {
  return client_of("X-Forwarded-For: " + std::string(value) + "\r\n");
}

std::string address_text(std::string_view node) {
  const auto parsed = parse_forwarded_address(node);
  return parsed ? parsed->text : "-";
}

}  // namespace

TEST_CASE("find_client() returns the last address that is not a trusted proxy") {
  CHECK(x_forwarded_for("203.0.113.7") == "203.0.113.7 - -");
  CHECK(x_forwarded_for("203.0.113.7, 10.0.0.2") == "203.0.113.7 - -");
  CHECK(x_forwarded_for("203.0.113.7, 10.0.0.2,fd00::1") == "203.0.113.7 - -");
  // The entries before it were written by the client.
  CHECK(x_forwarded_for("198.51.100.1, 203.0.113.7") == "203.0.113.7 - -");
  CHECK(x_forwarded_for("127.0.0.1, 198.51.100.1, 203.0.113.7, 10.9.9.9") == "203.0.113.7 - -");
  CHECK(x_forwarded_for("nonsense, \", 203.0.113.7") == "203.0.113.7 - -");
  // A proxy's own request.
  CHECK(x_forwarded_for("10.0.0.3, 10.0.0.2") == "10.0.0.3 - -");
  CHECK(client_of("X-Forwarded-For: 198.51.100.1\r\nX-Forwarded-For: 203.0.113.7\r\n") == "203.0.113.7 - -");
  CHECK(client_of("") == "- - -");
}

TEST_CASE("find_client() returns no address if the trusted proxy names none") {
  CHECK(x_forwarded_for("203.0.113.7, unknown") == "- - -");
  CHECK(x_forwarded_for("203.0.113.7, garbage, 10.0.0.2") == "- - -");
  CHECK(forwarded("for=203.0.113.7, for=_hidden") == "- - -");
  CHECK(forwarded("for=203.0.113.7, proto=https") == "- https -");
}

TEST_CASE("parse_forwarded_address() accepts addresses with and without port and brackets") {
  CHECK(address_text("192.0.2.1") == "192.0.2.1");
  CHECK(address_text("192.0.2.1:80") == "192.0.2.1:80");
  CHECK(address_text("192.0.2.1:_port") == "192.0.2.1");
  CHECK(address_text("2001:db8::1") == "2001:db8::1");
  CHECK(address_text("[2001:db8::1]") == "2001:db8::1");
  CHECK(address_text("[2001:DB8:0::1]:4711") == "[2001:db8::1]:4711");
  for (const char* text :
       {"", "unknown", "_x", "192.0.2", "192.0.2.1:", "192.0.2.1:65536", "192.0.2.1:-1", "192.0.2.1x", "[192.0.2.1]",
        "[2001:db8::1", "[2001:db8::1]x", "[2001:db8::1]:", "fe80::1%lo", "[]", "[:"})
    CHECK(address_text(text) == "-");
}

TEST_CASE("find_client() takes the scheme of the client's hop") {
  const auto with = [](std::string_view addresses, std::string_view schemes) {
    return client_of("X-Forwarded-For: " + std::string(addresses) + "\r\nX-Forwarded-Proto: " + std::string(schemes) +
                     "\r\n");
  };
  CHECK(with("203.0.113.7", "https") == "203.0.113.7 https -");
  CHECK(with("203.0.113.7", "wss") == "203.0.113.7 https -");
  CHECK(with("203.0.113.7", "WS") == "203.0.113.7 http -");
  CHECK(with("203.0.113.7", "gopher") == "203.0.113.7 - -");
  CHECK(with("203.0.113.7, 10.0.0.2", "https") == "203.0.113.7 https -");
  CHECK(with("203.0.113.7, 10.0.0.2", "https, http") == "203.0.113.7 https -");
  // With two schemes for three hops, the proxy's is the last one.
  CHECK(with("1.1.1.1, 203.0.113.7, 10.0.0.2", "http, https") == "203.0.113.7 https -");
  CHECK(client_of("X-Forwarded-Proto: https\r\n") == "- https -");
}

TEST_CASE("Forwarded is parsed by the grammar of RFC 7239") {
  CHECK(forwarded("for=192.0.2.43") == "192.0.2.43 - -");
  CHECK(forwarded("For=\"[2001:db8:cafe::17]:4711\"") == "[2001:db8:cafe::17]:4711 - -");
  CHECK(forwarded("for=192.0.2.60;proto=http;by=203.0.113.43") == "192.0.2.60 http -");
  CHECK(forwarded("for=192.0.2.43;host=example.com:8080 ; proto=\"HTTPS\" , for=10.0.0.2;proto=http") ==
        "192.0.2.43 https example.com:8080");
  CHECK(forwarded("for=\"192.0.2.\\4\\3\"") == "192.0.2.43 - -");
  // Without the quotation marks that a colon requires; many proxies write it so.
  CHECK(forwarded("for=[2001:db8::1]:80") == "[2001:db8::1]:80 - -");
  CHECK(forwarded("for=192.0.2.43;;, ,extension=x") == "- - -");
  CHECK(client_of("Forwarded: for=198.51.100.1\r\nForwarded: for=203.0.113.7\r\n", forwarding_header::forwarded) ==
        "203.0.113.7 - -");
}

TEST_CASE("a malformed Forwarded is rejected and does not hide the client's address") {
  for (const char* value : {"for=\"192.0.2.43", "for", "for=", "=1", "for=a b", "for=1.1.1.1 2.2.2.2", "for=\"a\"b",
                            "f or=1", "for=1.1.1.1;for=2.2.2.2", "for={}", "\"", "for=\"a\\",
                            "for=\"1.1.1.1, for=203.0.113.7", "for=1.1.1.1;x=\", for=\"[2001:db8::7]\""})
    CHECK(forwarded(value) == "malformed");
  CHECK(forwarded("for=\"1.1.1.1;x=\", for=203.0.113.7") == "203.0.113.7 - -");
}

namespace {

void add_routes(server& to) {
  to.get("/who", [](const request& req) {
    return response::text(req.remote_address() + " " + std::string(req.scheme()) + " " + std::string(req.host()));
  });
  to.websocket("/who", [](twinsocket::connection socket, const request& req) -> twinsocket::task<void> {
    const std::string text = req.remote_address() + " " + socket.remote_address();
    co_await socket.send(text);
    while (auto message = co_await socket.receive()) co_await socket.send(*message);
  });
}

server_options behind(trusted_proxies which) {
  server_options options;
  options.trusted_proxies = std::move(which);
  return options;
}

std::string who(std::uint16_t port, std::string_view fields) { return http_exchange(port, get("/who", fields)).body; }

}  // namespace

TEST_CASE("a request from a trusted proxy has the client's address and scheme") {
  const running_server s(add_routes, behind({"127.0.0.1"}));
  CHECK(who(s.port(), "X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\n") == "203.0.113.7 https localhost");
  CHECK_THAT(who(s.port(), ""), Catch::StartsWith("127.0.0.1:") && Catch::EndsWith(" http localhost"));
  // The proxy does not write the other header.
  CHECK_THAT(who(s.port(), "Forwarded: for=203.0.113.7;proto=https;host=a\r\n"), Catch::StartsWith("127.0.0.1:"));
  raw_client socket = open_websocket(s.port(), "/who", "X-Forwarded-For: 203.0.113.7:80\r\n");
  CHECK(socket.read_frame().payload == "203.0.113.7:80 203.0.113.7:80");
}

TEST_CASE("each request on a proxy's connection has its own client address") {
  const running_server s(add_routes, behind({"127.0.0.0/8"}));
  raw_client proxy(s.port());
  for (const std::string client : {"203.0.113.7", "203.0.113.8", "203.0.113.7"}) {
    proxy.send(get("/who", "X-Forwarded-For: " + client + "\r\n"));
    CHECK_THAT(proxy.read_response().body, Catch::StartsWith(client + " "));
  }
  proxy.send(get("/who"));
  CHECK_THAT(proxy.read_response().body, Catch::StartsWith("127.0.0.1:"));
}

TEST_CASE("forwarding headers from an untrusted peer are ignored") {
  const auto options = GENERATE(server_options(), behind({"10.0.0.0/8"}), behind(trusted_proxies().network("unix:")));
  const running_server s(add_routes, options);
  CHECK_THAT(
      who(s.port(), "X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\nForwarded: for=203.0.113.7\r\n"),
      Catch::StartsWith("127.0.0.1:") && Catch::EndsWith(" http localhost"));
}

TEST_CASE("the Forwarded header is used if configured and a malformed one is answered 400") {
  const running_server s(add_routes, behind(trusted_proxies{"127.0.0.1"}.header(forwarding_header::forwarded)));
  CHECK(
      who(s.port(), "Forwarded: for=\"[2001:db8::7]\";proto=https;host=example.com\r\nX-Forwarded-For: 1.1.1.1\r\n") ==
      "2001:db8::7 https example.com");
  const raw_response malformed = http_exchange(s.port(), get("/who", "Forwarded: for=\"\r\n"));
  CHECK(malformed.status == 400);
  CHECK_THAT(malformed.body, Catch::Contains("RFC 7239"));
  CHECK(http_exchange(s.port(), get("/who", "Forwarded: for=1.1.1.1;host=\"a/b\"\r\n")).status == 400);
}

TEST_CASE("a proxy on a Unix-domain socket is trusted as the network unix:") {
  const temporary_folder folder;
  const std::string path = (folder.path() / "socket").string();
  server_options options = behind(trusted_proxies().network("unix:"));
  options.listeners = {listener::unix_socket(path)};
  const running_server s(add_routes, options);
  raw_client proxy(path);
  proxy.send(get("/who", "X-Forwarded-For: 203.0.113.7\r\n"));
  CHECK_THAT(proxy.read_response().body, Catch::StartsWith("203.0.113.7 "));
}

TEST_CASE("behind a trusted proxy max_connections_per_address counts per client") {
  server_options options = behind({"127.0.0.1"});
  options.max_connections_per_address = 2;
  const running_server s(add_routes, options);
  const auto from = [](std::string_view client) { return "X-Forwarded-For: " + std::string(client) + "\r\n"; };
  std::vector<raw_client> open;
  for (int i = 0; i < 2; ++i) open.push_back(open_websocket(s.port(), "/who", from("203.0.113.7")));
  const raw_response refused = http_exchange(s.port(), upgrade_request("/who", from("203.0.113.7")));
  CHECK(refused.status == 503);
  CHECK(refused["retry-after"] == "1");
  // Other clients are not affected, however many there are.
  for (int i = 0; i < 2; ++i) open.push_back(open_websocket(s.port(), "/who", from("203.0.113.8")));
  for (int i = 0; i < 4; ++i) open.push_back(open_websocket(s.port(), "/who"));
  // A proxy's connection without a request counts for no client.
  raw_client kept(s.port());
  kept.send(get("/who", from("203.0.113.9")));
  CHECK(kept.read_response().status == 200);
  for (int i = 0; i < 2; ++i) open.push_back(open_websocket(s.port(), "/who", from("203.0.113.9")));
  // A closed connection makes room.
  open.front().send(client_close(1000));
  static_cast<void>(open.front().read_to_end());
  for (;;) {
    raw_client next(s.port());
    next.send(upgrade_request("/who", from("203.0.113.7")));
    if (next.read_response().status == 101) break;
  }
}

TEST_CASE("a same-host Origin must have the scheme that the trusted proxy reports") {
  const running_server s(add_routes, behind({"127.0.0.1"}));
  const auto status = [&](std::string_view origin, std::string_view fields) {
    return http_exchange(s.port(),
                         upgrade_request("/who", "Origin: " + std::string(origin) + "\r\n" + std::string(fields)))
        .status;
  };
  CHECK(status("https://localhost", "X-Forwarded-Proto: https\r\n") == 101);
  CHECK(status("http://localhost", "X-Forwarded-Proto: https\r\n") == 403);
  CHECK(status("http://localhost", "X-Forwarded-Proto: http\r\n") == 101);
  // If no scheme is reported, both are accepted.
  CHECK(status("https://localhost", "") == 101);
  CHECK(status("http://localhost", "") == 101);
}

TEST_CASE("an Origin equal to the forwarded host is accepted") {
  const running_server s(add_routes, behind(trusted_proxies{"127.0.0.1"}.header(forwarding_header::forwarded)));
  const std::string fields = "Origin: https://example.com\r\n";
  CHECK(http_exchange(s.port(),
                      upgrade_request("/who", fields + "Forwarded: for=1.1.1.1;proto=https;host=example.com\r\n"))
            .status == 101);
  CHECK(http_exchange(s.port(), upgrade_request("/who", fields + "Forwarded: for=1.1.1.1;proto=https\r\n")).status ==
        403);
}

TEST_CASE("invalid trusted_proxies are an error of listen()") {
  server one(behind({"10.0.0.0/8", "10.0.0.0/40"}));
  const auto listening = one.listen();
  REQUIRE_FALSE(static_cast<bool>(listening));
  CHECK_THAT(listening.error().message(), Catch::Contains("trusted proxies") && Catch::Contains("\"10.0.0.0/40\""));
}
