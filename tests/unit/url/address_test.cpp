// tests/vectors/addresses.json, natively and in WebAssembly. JavaScript and browsers are tested with the same file.

#include "test.hpp"

#include <nlohmann/json.hpp>

#include "addresses_vectors.hpp"
#include "twinsocket/url.hpp"

using twinsocket::errc;
using twinsocket::url;

namespace {

const nlohmann::json& vectors() {
  static const auto all = nlohmann::json::parse(addresses_vectors);
  return all;
}

std::string outcome(const twinsocket::result<url>& parsed) {
  if (parsed) return parsed->text();
  CHECK(parsed.error() == errc::invalid_url);
  CHECK_FALSE(parsed.error().detail().empty());
  return "refused: " + parsed.error().detail();
}

std::string text_of(const char* address) { return outcome(url::parse(address)); }

}  // namespace

TEST_CASE("url::parse() normalizes URLs by the URL standard") {
  for (const char* const list : {"accepted", "zones"}) {
    for (const auto& row : vectors()[list]) {
      const auto address = row["address"].get<std::string>();
      CAPTURE(address);
      CHECK(outcome(url::parse(address)) == row["url"].get<std::string>());
      // It is a normal form.
      CHECK(outcome(url::parse(row["url"].get<std::string>())) == row["url"].get<std::string>());
    }
  }
}

TEST_CASE("url::parse() resolves relative URLs against a base") {
  for (const auto& row : vectors()["relative"]) {
    const auto address = row["address"].get<std::string>();
    const auto base = url::parse(row["base"].get<std::string>().substr(0, row["base"].get<std::string>().find('#')));
    REQUIRE(base.has_value());
    CAPTURE(address, base->text());
    CHECK(outcome(url::parse(address, *base)) == row["url"].get<std::string>());
  }
}

TEST_CASE("url::parse() rejects URLs that are invalid or not for WebSockets") {
  for (const char* const list : {"refused", "not_websocket", "refused_zones"}) {
    for (const auto& row : vectors()[list]) {
      const auto address = row.get<std::string>();
      CAPTURE(address);
      CHECK_THAT(outcome(url::parse(address)), Catch::StartsWith("refused: "));
    }
  }
}

TEST_CASE("a URL error names the invalid part and omits credentials and the query") {
  CHECK(text_of("ws://example.com:65536/x?token=secret") ==
        "refused: the port \"65536\" (allowed: 1 to 65535) in \"ws://example.com:65536/x\"");
  CHECK(text_of("localhost:8080") ==
        "refused: the scheme \"localhost\" (supported: ws, wss, http, https) in \"localhost:8080\"");
  CHECK(text_of("ws://jan:secret@example.com/") == "refused: user information before the host");
  CHECK(text_of("ws://jan:secret@example.com/#x") == "refused: user information before the host");
  CHECK(text_of("gopher://jan:secret@example.com/") ==
        "refused: the scheme \"gopher\" (supported: ws, wss, http, https)");
  CHECK(text_of("ws://h/\xff") == "refused: the address is not UTF-8");
}

TEST_CASE("url gives scheme, host, zone, port, target and authority") {
  const auto parsed = url::parse("wss://[FE80::1%25eth0]:8443/a b?c");
  REQUIRE(parsed.has_value());
  CHECK(parsed->secure());
  CHECK(parsed->host() == "fe80::1");
  CHECK(parsed->zone() == "eth0");
  CHECK(parsed->port() == 8443);
  CHECK(parsed->target() == "/a%20b?c");
  CHECK(parsed->authority() == "[fe80::1]:8443");
  CHECK(url::parse("wss://b\xc3\xbc"
                   "cher.example/")
            ->authority() == "xn--bcher-kva.example");
}

TEST_CASE("a URL error quotes at most 200 bytes, whole characters and no control characters") {
  CHECK(text_of("ws://h:0/a\x01\x1f\x7f!") == "refused: the port \"0\" (allowed: 1 to 65535) in \"ws://h:0/a!\"");
  const std::string start = "ws://h:0/";
  for (std::size_t lead = 0; lead < 4; ++lead) {
    std::string address = start + std::string(lead, 'x');
    while (address.size() < 300) address += "\xf0\x9f\x98\x80";
    const std::string quoted = address.substr(0, 200 - (200 - start.size() - lead) % 4);
    CHECK(text_of(address.c_str()) == "refused: the port \"0\" (allowed: 1 to 65535) in \"" + quoted + "\"");
  }
}

TEST_CASE("what precedes the first colon is a scheme only if it has the form of one") {
  for (const std::string scheme : {"a+b", "a-b", "a.b", "a1", "Z9", "z"})
    CHECK_THAT(text_of((scheme + "://h/").c_str()), Catch::StartsWith("refused: the scheme \""));
  for (const std::string other : {"", "1ws", "_ws", "@", "[", "`", "{", "w s", "w!", "w;", "w_", "ws/", "w\xc3\xa9"}) {
    CAPTURE(other);
    CHECK_THAT(text_of((other + "://h/").c_str()), Catch::StartsWith("refused: no scheme (ws:// or wss://)"));
  }
}

TEST_CASE("a host must not have characters that a domain name cannot have") {
  for (const std::string part :
       {"a b",   "a%00b", "a%1Fb", "a%20b", "a%7Fb", "a%23b", "a%25b", "a%2Fb", "a%3Ab", "a%3Cb",
        "a%3Eb", "a%3Fb", "a%40b", "a%5Bb", "a%5Cb", "a%5Db", "a%5Eb", "a%7Cb", "a<b",   "a^b"}) {
    CAPTURE(part);
    CHECK_THAT(text_of(("ws://" + part + "/").c_str()),
               Catch::StartsWith("refused: a character that is not allowed in a host"));
  }
  CHECK(text_of("ws://a.xn--bcher-kva.example/") == "ws://a.xn--bcher-kva.example/");
  CHECK_THAT(text_of("ws://a.xn--0/"), Catch::StartsWith("refused: a host that is not a valid domain name (UTS #46)"));
  CHECK_THAT(text_of("ws://%ff/"), Catch::StartsWith("refused: a host that is not UTF-8"));
  CHECK(text_of("ws://a!$&'()*+,;=_~-/") == "ws://a!$&'()*+,;=_~-/");
}

TEST_CASE("an IPv6 zone has letters, digits and -._~") {
  CHECK(text_of("ws://[fe80::1%25aZ09-._~]/") == "ws://[fe80::1%25aZ09-._~]/");
  CHECK(text_of("ws://[fe80::1%en0]/") == "ws://[fe80::1%25en0]/");
  for (const std::string zone : {"", "a!", "a%20b", "a%2Fb", "a@", "a[", "a`", "a{", "a:", "a%00"}) {
    CAPTURE(zone);
    CHECK_THAT(text_of(("ws://[fe80::1%25" + zone + "]/").c_str()), Catch::StartsWith("refused: "));
  }
}

TEST_CASE("IPv4 and IPv6 addresses are normalized and malformed ones are rejected") {
  for (const auto& [address, host] : {std::pair("0x7F.1", "127.0.0.1"),
                                      {"0X7f000001", "127.0.0.1"},
                                      {"0177.0.0.01", "127.0.0.1"},
                                      {"256", "0.0.1.0"},
                                      {"1.2.3.4.", "1.2.3.4"},
                                      {"0x", "0.0.0.0"},
                                      {"4294967295", "255.255.255.255"},
                                      {"[::]", "[::]"},
                                      {"[::1.2.3.4]", "[::102:304]"},
                                      {"[1:2:3:4:5:6:7::]", "[1:2:3:4:5:6:7:0]"},
                                      {"[1::ABCD]", "[1::abcd]"},
                                      {"[::255.0.10.100]", "[::ff00:a64]"},
                                      {"[1:2:3:4:5:6:1.2.3.4]", "[1:2:3:4:5:6:102:304]"},
                                      {"a..", "a.."},
                                      {".", "."}}) {
    CAPTURE(address);
    CHECK(text_of(("ws://" + std::string(address) + "/").c_str()) == "ws://" + std::string(host) + "/");
  }
  for (const std::string bad : {"1.2.3.4.5",
                                "1..2",
                                "4294967296",
                                "256.1.1.1",
                                "1.2.3.256",
                                "1.65536.3",
                                "0xg.1",
                                "08",
                                "1.2.3.0x100",
                                "[:1]",
                                "[1:]",
                                "[:]",
                                "[1]",
                                "[1:2:3:4:5:6:7]",
                                "[1:2:3:4:5:6:7:8:9]",
                                "[1::2::3]",
                                "[:::]",
                                "[12345::]",
                                "[g::]",
                                "[1:2]",
                                "[::1.2.3]",
                                "[::1.2.3.]",
                                "[::1.2.3.4.5]",
                                "[::1.2.3.4:]",
                                "[::1.2.3.4x]",
                                "[::.1.2.3]",
                                "[::1..2.3]",
                                "[::1.2.3.1234]",
                                "[::1.2.3.256]",
                                "[::01.2.3.4]",
                                "[::1.2,3.4]",
                                "[1:2:3:4:5:6:7:1.2.3.4]",
                                "[::1",
                                "[::1]x",
                                "[]",
                                "[1:2:3:4:5:6:7:8::]"}) {
    CAPTURE(bad);
    CHECK_THAT(text_of(("ws://" + bad + "/").c_str()), Catch::StartsWith("refused: "));
  }
}
