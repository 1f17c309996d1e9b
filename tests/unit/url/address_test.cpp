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
