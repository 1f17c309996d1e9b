#include "twinsocket/native/cookies.hpp"

#include "test.hpp"

#include "client/cookie_date.hpp"

using namespace std::chrono_literals;
using twinsocket::url;
using twinsocket::native::cookie_jar;

namespace {

url at(const char* text) { return *url::parse(text); }

const auto noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 20) + 12h;

}  // namespace

TEST_CASE("a cookie without Domain is sent only to its host and path") {
  cookie_jar jar;
  jar.store(at("ws://example.com/a/b"), "one=1", noon);
  CHECK(jar.header(at("ws://example.com/a/c"), noon) == "one=1");
  CHECK(jar.header(at("ws://example.com:8080/a/"), noon) == "one=1");
  CHECK(jar.header(at("ws://www.example.com/a/"), noon).empty());
  CHECK(jar.header(at("ws://example.org/a/"), noon).empty());
  CHECK(jar.header(at("ws://example.com/"), noon).empty());
  CHECK(jar.header(at("ws://example.com/ab"), noon).empty());
}

TEST_CASE("Domain extends a cookie to subdomains only if the host belongs to it") {
  cookie_jar jar;
  jar.store(at("ws://ws.example.com/"), "one=1; Domain=.Example.com", noon);
  jar.store(at("ws://ws.example.com/"), "two=2; Domain=other.com", noon);
  jar.store(at("ws://ws.example.com/"), "three=3; Domain=com", noon);
  jar.store(at("ws://ws.example.com/"), "four=4; Domain=x.ws.example.com", noon);
  jar.store(at("ws://notexample.com/"), "five=5; Domain=example.com", noon);
  jar.store(at("ws://127.0.0.1/"), "six=6; Domain=0.0.1", noon);
  jar.store(at("ws://localhost/"), "seven=7; Domain=localhost", noon);
  jar.store(at("ws://www.b\xc3\xbc"
               "cher.example/"),
            "eight=8; Domain=B\xc3\xbc"
            "cher.example",
            noon);
  CHECK(jar.header(at("ws://xn--bcher-kva.example/"), noon) == "eight=8");
  CHECK(jar.header(at("ws://example.com/"), noon) == "one=1");
  CHECK(jar.header(at("ws://a.b.example.com/"), noon) == "one=1");
  CHECK(jar.header(at("ws://notexample.com/"), noon).empty());
  CHECK(jar.header(at("ws://127.0.0.1/"), noon).empty());
  CHECK(jar.header(at("ws://localhost/"), noon) == "seven=7");
  CHECK(jar.header(at("ws://sub.localhost/"), noon).empty());
}

TEST_CASE("Path restricts a cookie and longer paths are sent first") {
  cookie_jar jar;
  jar.store(at("ws://a.com/"), "root=1", noon);
  jar.store(at("ws://a.com/"), "deep=2; Path=/x/y", noon);
  jar.store(at("ws://a.com/"), "late=3; Path=/x", noon);
  jar.store(at("ws://a.com/p/q?z"), "odd=4; Path=nowhere", noon);
  CHECK(jar.header(at("ws://a.com/x/y/z"), noon) == "deep=2; late=3; root=1");
  CHECK(jar.header(at("ws://a.com/x/yy"), noon) == "late=3; root=1");
  CHECK(jar.header(at("ws://a.com/p?q"), noon) == "odd=4; root=1");
}

TEST_CASE("a Secure cookie requires TLS and is not overwritten without it") {
  cookie_jar jar;
  jar.store(at("ws://a.com/"), "plain=1; Secure", noon);
  CHECK(jar.size() == 0);
  jar.store(at("wss://a.com/"), "id=1; secure; HttpOnly; SameSite=Strict", noon);
  CHECK(jar.header(at("ws://a.com/"), noon).empty());
  jar.store(at("ws://a.com/"), "id=evil", noon);
  jar.store(at("ws://a.com/deep/"), "id=evil", noon);
  jar.store(at("ws://b.a.com/"), "id=evil; Domain=a.com", noon);
  CHECK(jar.header(at("wss://a.com/deep/"), noon) == "id=1");
  jar.store(at("ws://a.com/"), "__Secure-a=1", noon);
  jar.store(at("wss://a.com/"), "__Host-a=1; Secure", noon);
  CHECK(jar.size() == 1);
  jar.store(at("wss://a.com/"), "__Host-a=1; Secure; Path=/", noon);
  CHECK(jar.size() == 2);
}

TEST_CASE("cookies expire by Max-Age and Expires and Max-Age=0 removes them") {
  cookie_jar jar;
  jar.store(at("ws://a.com/"), "a=1; Max-Age=60", noon);
  jar.store(at("ws://a.com/"), "b=2; Expires=Fri, 20 Nov 2026 12:01:00 GMT", noon);
  jar.store(at("ws://a.com/"), "c=3; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=30", noon);
  CHECK(jar.header(at("ws://a.com/"), noon + 29s) == "a=1; b=2; c=3");
  CHECK(jar.header(at("ws://a.com/"), noon + 31s) == "a=1; b=2");
  CHECK(jar.header(at("ws://a.com/"), noon + 61s).empty());
  CHECK(jar.size() == 0);
  jar.store(at("ws://a.com/"), "a=1", noon);
  jar.store(at("ws://a.com/"), "a=2", noon);
  CHECK(jar.header(at("ws://a.com/"), noon) == "a=2");
  jar.store(at("ws://a.com/"), "a=; Max-Age=0", noon);
  CHECK(jar.size() == 0);
}

TEST_CASE("invalid cookies are ignored and the number per domain is limited") {
  cookie_jar jar;
  jar.store(at("ws://a.com/"), "", noon);
  jar.store(at("ws://a.com/"), "=1", noon);
  jar.store(at("ws://a.com/"), "name", noon);
  jar.store(at("ws://a.com/"), "a=\r\nX: y", noon);
  jar.store(at("ws://a.com/"), "a=" + std::string(cookie_jar::max_bytes, 'x'), noon);
  CHECK(jar.size() == 0);
  for (std::size_t i = 0; i <= cookie_jar::max_per_domain; ++i) {
    jar.store(at("ws://a.com/"), "n" + std::to_string(i) + "=1; Path=/" + std::to_string(i), noon);
    if (i == 1) CHECK(jar.header(at("ws://a.com/0"), noon) == "n0=1");
  }
  CHECK(jar.size() == cookie_jar::max_per_domain);
  CHECK(jar.header(at("ws://a.com/0"), noon) == "n0=1");
  CHECK(jar.header(at("ws://a.com/1"), noon).empty());
}

TEST_CASE("parse_cookie_date() accepts the formats of RFC 6265, section 5.1.1") {
  using twinsocket::detail::parse_cookie_date;
  const auto expected = std::chrono::sys_days(std::chrono::year(1994) / 11 / 6) + 8h + 49min + 37s;
  CHECK(parse_cookie_date("Sun, 06 Nov 1994 08:49:37 GMT") == expected);
  CHECK(parse_cookie_date("Sunday, 06-Nov-94 08:49:37 GMT") == expected);
  CHECK(parse_cookie_date("Sun Nov  6 08:49:37 1994") == expected);
  CHECK(parse_cookie_date("6 november 1994 8:49:37") == expected);
  for (const char* const wrong : {"", "tomorrow", "Sun, 31 Feb 2026 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
                                  "06 Nov 1994", "Sun, 06 Nov 1500 08:49:37 GMT"})
    CHECK_FALSE(parse_cookie_date(wrong));
}
