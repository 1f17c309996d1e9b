#include "server/upgrade.hpp"

#include "test.hpp"
#include "server/subprotocol.hpp"

#include "parsed_request.hpp"
#include "result_text.hpp"
#include "server/request_check.hpp"

using twinsocket::errc;
using twinsocket::request;
using twinsocket::response;
using twinsocket::websocket_options;
using twinsocket::detail::check_handshake;
using twinsocket::detail::is_websocket_upgrade;
using twinsocket::detail::negotiate_subprotocol;
using twinsocket::detail::serialize_handshake_response;

namespace {

constexpr const char* key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
constexpr const char* version = "Sec-WebSocket-Version: 13\r\n";
constexpr const char* upgrade = "Upgrade: websocket\r\n";
constexpr const char* connection = "Connection: Upgrade\r\n";

std::string join(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const auto part : parts) text += part;
  return text;
}

std::optional<response> check(std::string_view line, const std::string& fields) {
  const parsed_request p(join({line, "\r\nHost: a\r\n", fields, "\r\n"}));
  return check_handshake(p.req, p.parser.version(), !p.parser.is_done());
}

std::string header(const response& r, std::string_view name) {
  std::string found;
  for (const auto& [n, value] : r.headers())
    if (n == name) found += value;
  return found;
}

}  // namespace

TEST_CASE("the opening handshake of RFC 6455, section 1.2, is accepted") {
  CHECK_FALSE(check("GET /chat HTTP/1.1", join({upgrade, connection, key, version, "Origin: http://example.com\r\n"})));
}

TEST_CASE("Upgrade and Connection tokens are accepted in any case, in lists and in several fields") {
  const auto fields = GENERATE(
      "Upgrade: WebSocket\r\nConnection: upgrade\r\n", "Upgrade: h2c, websocket\r\nConnection: keep-alive, Upgrade\r\n",
      "Upgrade: h2c\r\nUpgrade: websocket\r\nConnection: keep-alive\r\nConnection: UPGRADE\r\n");
  CAPTURE(fields);
  CHECK_FALSE(check("GET / HTTP/1.1", join({fields, key, version})));
}

TEST_CASE("an opening handshake that violates RFC 6455, section 4.2.1, is rejected") {
  struct row {
    const char* what;
    const char* line;
    std::string fields;
    unsigned status;
    const char* reason;
  };
  constexpr const char* get_line = "GET / HTTP/1.1";
  const auto r = GENERATE_COPY(
      row{"another method", "POST / HTTP/1.1", join({upgrade, connection, key, version}), 405, "GET, not POST"},
      row{"HEAD", "HEAD / HTTP/1.1", join({upgrade, connection, key, version}), 405, "GET, not HEAD"},
      row{"HTTP/1.0", "GET / HTTP/1.0", join({upgrade, connection, key, version}), 426, "HTTP/1.1"},
      row{"a plain GET", get_line, "", 426, "WebSocket"},
      row{"another protocol", get_line, join({"Upgrade: h2c\r\n", connection}), 426, "WebSocket"},
      row{"no Upgrade", get_line, join({connection, key, version}), 400, "\"Upgrade: websocket\""},
      row{"another Upgrade", get_line, join({"Upgrade: websockets\r\n", connection, key, version}), 400,
          "\"Upgrade: websocket\""},
      row{"no Connection", get_line, join({upgrade, key, version}), 400, "\"Connection: Upgrade\""},
      row{"another Connection", get_line, join({upgrade, "Connection: keep-alive\r\n", key, version}), 400,
          "\"Connection: Upgrade\""},
      row{"no version", get_line, join({upgrade, connection, key}), 400, "0 Sec-WebSocket-Version"},
      row{"two versions", get_line, join({upgrade, connection, key, version, version}), 400, "2 Sec-WebSocket-Version"},
      row{"an old version", get_line, join({upgrade, connection, key, "Sec-WebSocket-Version: 8\r\n"}), 426,
          "\"8\" is not 13"},
      row{"a list of versions", get_line, join({upgrade, connection, key, "Sec-WebSocket-Version: 13, 8\r\n"}), 426,
          "\"13, 8\""},
      row{"a version with a sign", get_line, join({upgrade, connection, key, "Sec-WebSocket-Version: +13\r\n"}), 426,
          "\"+13\""},
      row{"no key", get_line, join({upgrade, connection, version}), 400, "0 Sec-WebSocket-Key"},
      row{"two keys", get_line, join({upgrade, connection, key, key, version}), 400, "2 Sec-WebSocket-Key"},
      row{"an empty key", get_line, join({upgrade, connection, "Sec-WebSocket-Key:\r\n", version}), 400,
          "\"\" is not 16 bytes"},
      row{"15 bytes", get_line, join({upgrade, connection, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j\r\n", version}),
          400, "16 bytes"},
      row{"17 bytes", get_line, join({upgrade, connection, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZTE=\r\n", version}),
          400, "16 bytes"},
      row{"no base64", get_line,
          join({upgrade, connection, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZ*==\r\n", version}), 400, "16 bytes"},
      row{"content", get_line, join({upgrade, connection, key, version, "Content-Length: 5\r\n"}), 400, "content"});
  CAPTURE(r.what);
  const auto refusal = check(r.line, r.fields);
  REQUIRE(refusal);
  CHECK(refusal->status() == r.status);
  CHECK_THAT(refusal->body(), Catch::Contains(r.reason));
  // RFC 9110 sections 15.5.6 and 15.5.22, RFC 6455 section 4.4.
  if (r.status == 405) CHECK(header(*refusal, "Allow") == "GET");
  if (r.status == 426) CHECK(header(*refusal, "Upgrade") == "websocket");
  if (r.status == 426) CHECK(header(*refusal, "Connection") == "Upgrade");
  if (std::string(r.reason).find("Version") != std::string::npos ||
      std::string(r.what).find("version") != std::string::npos)
    CHECK(header(*refusal, "Sec-WebSocket-Version") == "13");
}

TEST_CASE("is_websocket_upgrade() is true for requests with Upgrade: websocket or a key") {
  CHECK_FALSE(is_websocket_upgrade(parsed_request(get("/")).req));
  CHECK_FALSE(is_websocket_upgrade(parsed_request(get("/", "Upgrade: h2c\r\nConnection: Upgrade\r\n")).req));
  CHECK(is_websocket_upgrade(parsed_request(get("/", upgrade)).req));
  CHECK(is_websocket_upgrade(parsed_request(get("/", key)).req));
}

TEST_CASE("the first of the server's subprotocols that is offered is selected") {
  struct row {
    const char* offered;
    const char* chosen;
  };
  const auto r =
      GENERATE(row{"", ""}, row{"Sec-WebSocket-Protocol: b, a\r\n", "a"}, row{"Sec-WebSocket-Protocol: c, b\r\n", "b"},
               row{"Sec-WebSocket-Protocol: c\r\nSec-WebSocket-Protocol: a\r\n", "a"},
               row{"Sec-WebSocket-Protocol: A\r\n", ""}, row{"Sec-WebSocket-Protocol:\r\n", ""});
  CAPTURE(r.offered);
  const auto options = websocket_options().subprotocol("a").subprotocol("b");
  const auto chosen = negotiate_subprotocol(parsed_request(get("/", r.offered)).req, options);
  REQUIRE(chosen);
  CHECK(*chosen == r.chosen);
}

TEST_CASE("an offered heartbeat subprotocol is selected unless heartbeat(false) is set") {
  struct row {
    const char* offered;
    bool heartbeat;
    const char* chosen;
  };
  const auto r = GENERATE(row{"a, a+heartbeat", true, "a+heartbeat"}, row{"a, a+heartbeat", false, "a"},
                          row{"b, a, b+heartbeat", true, "a"}, row{"c, c+heartbeat", true, ""},
                          row{"c, heartbeat", true, "heartbeat"}, row{"heartbeat", false, ""});
  CAPTURE(r.offered, r.heartbeat);
  const auto options = websocket_options().subprotocol("a").subprotocol("b").heartbeat(r.heartbeat);
  const std::string field = join({"Sec-WebSocket-Protocol: ", r.offered, "\r\n"});
  const auto chosen = negotiate_subprotocol(parsed_request(get("/", field)).req, options);
  REQUIRE(chosen);
  CHECK(*chosen == r.chosen);
}

TEST_CASE("invalid and duplicate subprotocols are rejected") {
  const auto offered = GENERATE("a b", "a, a", "a;b", "a, \"b\"");
  CAPTURE(offered);
  const auto chosen =
      negotiate_subprotocol(parsed_request(get("/", join({"Sec-WebSocket-Protocol: ", offered, "\r\n"}))).req, {});
  REQUIRE_FALSE(chosen);
  CHECK(chosen.error() == errc::protocol_violation);
  CHECK_THAT(chosen.error().detail(), Catch::Contains(offered));
}

TEST_CASE("select_subprotocol() chooses among the offered subprotocols") {
  parsed_request p(get("/?v=2", "Sec-WebSocket-Protocol: chat.v1, chat.v2\r\n"));
  REQUIRE_FALSE(twinsocket::detail::check_request(p.req, p.parser));
  websocket_options options;
  options.select_subprotocol([](const request& req, const std::vector<std::string_view>& offered) {
    const std::string wanted = "chat.v" + req.query("v").value_or("1");
    return std::find(offered.begin(), offered.end(), wanted) == offered.end() ? "" : wanted;
  });
  CHECK(*negotiate_subprotocol(p.req, options) == "chat.v2");

  options.select_subprotocol([](const request&, const std::vector<std::string_view>&) { return "chat.v3"; });
  const auto chosen = negotiate_subprotocol(p.req, options);
  REQUIRE_FALSE(chosen);
  CHECK(chosen.error() == errc::invalid_argument);
}

TEST_CASE("the handshake response is that of RFC 6455, section 1.3") {
  const parsed_request p(get("/", join({upgrade, connection, key, version})));
  CHECK(
      serialize_handshake_response(p.req, {"chat", {}}, {{"Set-Cookie", "a=1"}}) ==
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: chat\r\nSet-Cookie: a=1\r\n\r\n");
  CHECK_THAT(serialize_handshake_response(p.req, {}, {}), !Catch::Contains("Sec-WebSocket-Protocol"));
}
