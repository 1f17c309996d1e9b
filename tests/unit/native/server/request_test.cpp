#include "twinsocket/native/request.hpp"

#include "test.hpp"

#include "parsed_request.hpp"
#include "server/request_check.hpp"

using twinsocket::request;
using twinsocket::detail::check_request;
using twinsocket::detail::request_access;

namespace {

// The status of the refusal; 0 if the request is accepted.
unsigned refused(std::string_view text) {
  parsed_request p(text);
  const auto why = check_request(p.asked, p.parser);
  return why ? why->status() : 0;
}

}  // namespace

TEST_CASE("a request gives back what came") {
  parsed_request p(
      "POST /room/blue%20one?since=5&q=a+b HTTP/1.1\r\nHost: example.com:8080\r\nX-A: one\r\nx-a:two \r\n"
      "Cookie: a=1; session=x=y\r\nCookie: b=2\r\nContent-Length: 5\r\n\r\nhello");
  REQUIRE_FALSE(check_request(p.asked, p.parser));
  request_access::add_parameter(p.asked, "name", "blue one");
  // A copy owns its text.
  const request asked = request(p.asked);
  p.asked = request();
  CHECK(asked.method() == "POST");
  CHECK(asked.target() == "/room/blue%20one?since=5&q=a+b");
  CHECK(asked.path() == "/room/blue%20one");
  CHECK(asked.host() == "example.com:8080");
  CHECK(asked.query("since") == "5");
  CHECK(asked.query("q") == "a b");
  CHECK_FALSE(asked.query("other"));
  CHECK(asked.header("X-a") == "one");
  CHECK(asked.headers("x-A") == std::vector<std::string_view>{"one", "two"});
  CHECK_FALSE(asked.header("X-B"));
  CHECK(asked.cookie("a") == "1");
  CHECK(asked.cookie("session") == "x=y");
  CHECK(asked.cookie("b") == "2");
  CHECK_FALSE(asked.cookie("c"));
  CHECK(asked.parameter("name") == "blue one");
  CHECK(asked.parameter("other").empty());
  CHECK(asked.body() == "hello");
}

TEST_CASE("a URL as the target brings its own host") {
  parsed_request p("GET http://other:81/a?b=c HTTP/1.1\r\nHost: example.com\r\n\r\n");
  REQUIRE_FALSE(check_request(p.asked, p.parser));
  CHECK(p.asked.host() == "other:81");
  CHECK(p.asked.path() == "/a");
  CHECK(p.asked.query("b") == "c");
}

TEST_CASE("a URL without a path means its root") {
  parsed_request p("GET http://other HTTP/1.1\r\nHost: other\r\n\r\n");
  REQUIRE_FALSE(check_request(p.asked, p.parser));
  CHECK(p.asked.path() == "/");
  CHECK(p.asked.host() == "other");
}

TEST_CASE("fields behind a chunked body do not count as headers") {
  const parsed_request p(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Admin: yes\r\n\r\n");
  CHECK(p.asked.body() == "abc");
  CHECK_FALSE(p.asked.header("X-Admin"));
}

TEST_CASE("every request is held to RFC 9112") {
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
