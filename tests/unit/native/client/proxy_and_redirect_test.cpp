// Which proxy is used, and where a redirect leads.

#include "test.hpp"
#include "client/proxy_address.hpp"
#include "client/redirect.hpp"
#include "client/resolver.hpp"
#include "result_text.hpp"

using namespace twinsocket;
using namespace twinsocket::detail;

namespace {

url at(const std::string& text) { return *url::parse(text); }

std::string chosen(const std::string& address, const proxy_environment& environment) {
  const auto proxy = proxy_for(at(address), environment);
  if (!proxy) return "error: " + proxy.error().detail();
  return *proxy ? (*proxy)->text() : "none";
}

std::string led(const std::string& from, const std::string& location) {
  const auto to = resolve_redirect(at(from), location);
  return to ? to->text() : "error: " + to.error().detail();
}

boost::asio::ip::tcp::endpoint endpoint(const char* address) { return {boost::asio::ip::make_address(address), 80}; }

}  // namespace

TEST_CASE("parse_proxy() splits a proxy URL and rejects invalid ones without showing credentials") {
  const auto proxy = parse_proxy("socks5://jan:p%40ss%3Aword@[2001:db8::1]:9/");
  REQUIRE(proxy);
  CHECK(proxy->kind == proxy_address::protocol::socks5);
  CHECK(proxy->host == "2001:db8::1");
  CHECK(proxy->port == 9);
  CHECK(proxy->user == "jan");
  CHECK(proxy->password == "p@ss:word");
  CHECK(proxy->text() == "socks5://[2001:db8::1]:9");
  CHECK(parse_proxy("proxy.example")->text() == "http://proxy.example:80");
  CHECK(parse_proxy("proxy.example:3128")->text() == "http://proxy.example:3128");
  CHECK(parse_proxy("HTTPS://proxy.example")->text() == "https://proxy.example:443");
  CHECK(parse_proxy("socks5h://proxy.example")->text() == "socks5://proxy.example:1080");
  CHECK(parse_proxy("b\xc3\xbc"
                    "cher.example:3128")
            ->text() == "http://xn--bcher-kva.example:3128");
  CHECK(parse_proxy("http://127.1")->text() == "http://127.0.0.1:80");
  for (const char* const wrong :
       {"", "ftp://a", "http://1.2.3.256", "http://[1:2]", "http://", "http://a:0", "http://a:b", "http://[::1",
        "http://a b", "http://secret%zz@a", "http://jan:secret/word@a", "http://jan:1/secret@a"}) {
    const auto refused = parse_proxy(wrong);
    REQUIRE_FALSE(refused);
    CHECK(refused.error() == errc::invalid_argument);
    CHECK(refused.error().message().find("secret") == std::string::npos);
  }
}

TEST_CASE("proxy_for() selects the proxy from the environment by scheme and bypasses loopback addresses") {
  const proxy_environment both{.http = "p1", .https = "p2", .all = "p3", .none = ""};
  CHECK(chosen("ws://example.com", both) == "http://p1:80");
  CHECK(chosen("wss://example.com", both) == "http://p2:80");
  CHECK(chosen("wss://example.com", {.http = "p1", .https = "", .all = "socks5://p3", .none = ""}) ==
        "socks5://p3:1080");
  CHECK(chosen("ws://example.com", {}) == "none");
  CHECK(chosen("ws://example.com", {.http = "ftp://p", .https = "", .all = "", .none = ""}).starts_with("error"));
  for (const char* const near : {"ws://localhost", "ws://127.0.0.1", "ws://127.1.2.3:80", "ws://[::1]",
                                 "ws://localhost.", "ws://api.localhost", "ws://127.1", "ws://[fe80::1%25eth0]"})
    CHECK(chosen(near, both) == "none");
}

TEST_CASE("NO_PROXY is matched by the rules of Go's httpproxy") {
  const auto [rules, address, exempt] = GENERATE(table<std::string, std::string, bool>({
      {"example.com", "ws://example.com", true},
      {"example.com", "ws://www.example.com", true},
      {"example.com", "ws://notexample.com", false},
      {"EXAMPLE.com", "ws://example.com.", true},
      {".example.com", "ws://example.com", false},
      {".example.com", "ws://www.example.com", true},
      {"*.example.com", "ws://www.example.com", true},
      {"*.example.com", "ws://example.com", false},
      {"example.com:80", "ws://example.com", true},
      {"example.com:8080", "ws://example.com", false},
      {"other, example.com ,", "ws://example.com", true},
      {"*", "wss://anything.example", true},
      {"192.0.2.1", "ws://192.0.2.1", true},
      {"192.0.2.1:81", "ws://192.0.2.1", false},
      {"192.0.2.0/24", "ws://192.0.2.77", true},
      {"192.0.2.77/24", "ws://192.0.2.1", true},
      {"192.0.2.0/24", "ws://192.0.3.1", false},
      {"2001:db8::/32", "ws://[2001:db8:1::1]", true},
      {"2001:db8::1", "ws://[2001:db8::1]", true},
      {"[2001:db8::1]:80", "ws://[2001:db8::1]", true},
      {"2.1", "ws://192.0.2.1", false},
      {"b\xc3\xbc"
       "cher.example",
       "ws://www.b\xc3\xbc"
       "cher.example",
       true},
      {"", "ws://example.com", false},
  }));
  CAPTURE(rules, address);
  const std::string expected = exempt ? "none" : "http://p:80";
  CHECK(chosen(address, {.http = "p", .https = "p", .all = "", .none = rules}) == expected);
}

TEST_CASE("Location is resolved against the request URL") {
  const auto [location, expected] = GENERATE(table<std::string, std::string>({
      {"http://other.com/x", "ws://other.com/x"},
      {"https://other.com:8443/x?y#z", "wss://other.com:8443/x?y"},
      {"WSS://other.com", "wss://other.com/"},
      {"//other.com/x", "ws://other.com/x"},
      {"/x/../y/./z", "ws://a.com:81/y/z"},
      {"next?q=1", "ws://a.com:81/b/c/next?q=1"},
      {"../up", "ws://a.com:81/b/up"},
      {"..", "ws://a.com:81/b/"},
      {"?q", "ws://a.com:81/b/c/d?q"},
      {"/\xc3\xa9 \\x", "ws://a.com:81/%C3%A9%20/x"},
      {"http://b\xc3\xbc"
       "cher.example/%zz",
       "ws://xn--bcher-kva.example/%zz"},
      {"a:b?secret",
       "error: a.com:81 redirects to \"a:b\", which is not a WebSocket address: "
       "the scheme \"a\" (supported: ws, wss, http, https) in \"a:b\""},
      {"/\xff", "error: a.com:81 redirects to \"/?\", which is not a WebSocket address: the address is not UTF-8"},
  }));
  CAPTURE(location);
  CHECK(led("ws://a.com:81/b/c/d?e", location) == expected);
}

TEST_CASE("redirects to plain HTTP, with user information or to other schemes are rejected") {
  CHECK_THAT(led("wss://a.com/", "http://a.com/"), Catch::Contains("does not use TLS"));
  CHECK_THAT(led("wss://a.com/", "ws://a.com/"), Catch::Contains("does not use TLS"));
  CHECK(led("wss://a.com/", "/b") == "wss://a.com/b");
  CHECK_THAT(led("ws://a.com/", ""), Catch::Contains("not an address"));
  CHECK_THAT(led("ws://a.com/", "http://user:secret@b.com/"), Catch::Contains("user information"));
  CHECK(led("ws://a.com/", "http://user:secret@b.com/").find("secret") == std::string::npos);
  CHECK_THAT(led("ws://a.com/", "mailto:jan@example.com"), Catch::Contains("not a WebSocket address"));
}

TEST_CASE("redirect_options() removes credentials for another origin") {
  client_options all;
  all.header("X-Key", "secret")
      .basic_auth("jan", "secret")
      .host("virtual")
      .origin("http://page")
      .unix_socket("/socket");
  all.tls(tls_options().ca_pem("authority").certificate_pem("own", "key").server_name("name"));
  const auto same = redirect_options(all, at("ws://a.com/x"), at("ws://a.com/y"));
  CHECK(same.headers().size() == 1);
  CHECK(same.basic_auth());
  CHECK(redirect_options(all, at("ws://a.com/"), at("wss://a.com/")).basic_auth());
  for (const char* const other : {"ws://b.com/x", "ws://a.com:81/x", "ws://sub.a.com/"}) {
    const auto rest = redirect_options(all, at("ws://a.com/x"), at(other));
    CHECK(rest.headers().empty());
    CHECK_FALSE(rest.basic_auth());
    CHECK(rest.host().empty());
    CHECK(rest.tls().certificate_pem().empty());
    CHECK(rest.tls().server_name().empty());
    CHECK(rest.tls().ca_pem() == "authority");
    CHECK(rest.origin() == "http://page");
  }
}

TEST_CASE("interleave() alternates address families") {
  using endpoints = std::vector<boost::asio::ip::tcp::endpoint>;
  CHECK(interleave({endpoint("::1"), endpoint("::2"), endpoint("::3"), endpoint("1.1.1.1"), endpoint("1.1.1.2")}) ==
        endpoints{endpoint("::1"), endpoint("1.1.1.1"), endpoint("::2"), endpoint("1.1.1.2"), endpoint("::3")});
  CHECK(interleave({endpoint("1.1.1.1"), endpoint("::1")}) == endpoints{endpoint("1.1.1.1"), endpoint("::1")});
}
