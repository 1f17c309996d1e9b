#include "twinsocket/native/request.hpp"

#include "test.hpp"

#include "parsed_request.hpp"
#include "server/request_check.hpp"

using twinsocket::request;
using twinsocket::detail::check_request;
using twinsocket::detail::request_builder;

namespace {

// The status of the refusal; 0 if the request is accepted.
unsigned refused(std::string_view text) {
  parsed_request p(text);
  const auto why = check_request(p.req, p.parser);
  return why ? why->status() : 0;
}

}  // namespace

TEST_CASE("request gives access to target, query, headers, cookies, parameters and body") {
  parsed_request p(
      "POST /room/blue%20one?since=5&q=a+b HTTP/1.1\r\nHost: example.com:8080\r\nX-A: one\r\nx-a:two \r\n"
      "Cookie: a=1; session=x=y\r\nCookie: b=2\r\nContent-Length: 5\r\n\r\nhello");
  REQUIRE_FALSE(check_request(p.req, p.parser));
  request_builder::add_parameter(p.req, "name", "blue one");
  // A copy owns its text.
  const request req = request(p.req);
  p.req = request();
  CHECK(req.method() == "POST");
  CHECK(req.target() == "/room/blue%20one?since=5&q=a+b");
  CHECK(req.path() == "/room/blue%20one");
  CHECK(req.host() == "example.com:8080");
  CHECK(req.query("since") == "5");
  CHECK(req.query("q") == "a b");
  CHECK_FALSE(req.query("other"));
  CHECK(req.header("X-a") == "one");
  CHECK(req.headers("x-A") == std::vector<std::string_view>{"one", "two"});
  CHECK_FALSE(req.header("X-B"));
  CHECK(req.cookie("a") == "1");
  CHECK(req.cookie("session") == "x=y");
  CHECK(req.cookie("b") == "2");
  CHECK_FALSE(req.cookie("c"));
  CHECK(req.parameter("name") == "blue one");
  CHECK(req.parameter("other").empty());
  CHECK(req.body() == "hello");
}

TEST_CASE("the host of an absolute-form target overrides Host") {
  parsed_request p("GET http://other:81/a?b=c HTTP/1.1\r\nHost: example.com\r\n\r\n");
  REQUIRE_FALSE(check_request(p.req, p.parser));
  CHECK(p.req.host() == "other:81");
  CHECK(p.req.path() == "/a");
  CHECK(p.req.query("b") == "c");
}

TEST_CASE("an absolute-form target without a path has the path /") {
  parsed_request p("GET http://other HTTP/1.1\r\nHost: other\r\n\r\n");
  REQUIRE_FALSE(check_request(p.req, p.parser));
  CHECK(p.req.path() == "/");
  CHECK(p.req.host() == "other");
}

TEST_CASE("trailer fields are not part of the headers") {
  const parsed_request p(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Admin: yes\r\n\r\n");
  CHECK(p.req.body() == "abc");
  CHECK_FALSE(p.req.header("X-Admin"));
}

TEST_CASE("check_request() enforces the rules of RFC 9112") {
  struct row {
    const char* text;
    unsigned status;
  };
  const auto r = GENERATE(
      row{"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 0}, row{"GET / HTTP/1.1\r\nHost: \r\n\r\n", 0},
      row{"GET / HTTP/1.0\r\n\r\n", 0}, row{"GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 0},
      row{"GET / HTTP/1.1\r\n\r\n", 400}, row{"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
      row{"GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400}, row{"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      row{"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400}, row{"GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400},
      row{"GET http://b/ HTTP/1.1\r\nHost: a b\r\n\r\n", 400}, row{"GET http://b@c/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      row{"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400}, row{"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      row{"GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      row{"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0},
      row{"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
      row{"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
      row{"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501},
      row{"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      row{"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n\r\n", 0},
      row{"POST / HTTP/1.1\r\nHost: a\r\nExpect: something\r\n\r\n", 417});
  CAPTURE(r.text);
  CHECK(refused(r.text) == r.status);
}
