#include "server/response_head.hpp"

#include "test.hpp"

using twinsocket::header_field;
using twinsocket::response;
using twinsocket::detail::find_invalid_header;
using twinsocket::detail::serialize_response_head;

namespace {
const std::vector<header_field> none;
bool has(const std::string& head, const std::string& line) {
  return head.find("\r\n" + line + "\r\n") != std::string::npos;
}
}  // namespace

TEST_CASE("a response head has the status line, headers and Content-Length") {
  const std::string head =
      serialize_response_head(response::text("hello").header("Set-Cookie", "a=1").header("Set-Cookie", "b=2"),
                              {.common = none, .content_length = 5, .keep_alive = true});
  CHECK_THAT(head, Catch::StartsWith("HTTP/1.1 200 OK\r\nDate: ") && Catch::EndsWith("\r\n\r\n"));
  CHECK(has(head, "Content-Type: text/plain; charset=utf-8"));
  CHECK(has(head, "Content-Length: 5"));
  CHECK(has(head, "Set-Cookie: a=1"));
  CHECK(has(head, "Set-Cookie: b=2"));
  CHECK(has(head, "X-Content-Type-Options: nosniff"));
  CHECK_FALSE(has(head, "Connection: close"));
}

TEST_CASE("the last response of a connection has Connection: close") {
  CHECK(has(serialize_response_head(response(404), {.common = none, .content_length = 0, .keep_alive = false}),
            "Connection: close"));
}

TEST_CASE("a 204 or 304 response has no Content-Length") {
  const auto status = GENERATE(204U, 304U);
  CHECK_FALSE(has(serialize_response_head(response(status), {.common = none}), "Content-Length: 0"));
}

TEST_CASE("headers of the response override common headers") {
  const std::vector<header_field> common{{"Content-Security-Policy", "default-src 'self'"},
                                         {"X-Frame-Options", "DENY"}};
  const std::string head =
      serialize_response_head(response().header("x-frame-options", "SAMEORIGIN"), {.common = common});
  CHECK(has(head, "Content-Security-Policy: default-src 'self'"));
  CHECK(has(head, "x-frame-options: SAMEORIGIN"));
  CHECK_FALSE(has(head, "X-Frame-Options: DENY"));
}

TEST_CASE("find_invalid_header() rejects invalid names and values and hop-by-hop headers") {
  struct row {
    const char* name;
    const char* value;
    bool usable;
  };
  const auto r =
      GENERATE(row{"X-A", "b", true}, row{"X-A", "", true}, row{"X-A", "tab\tand \xC3\xA9", true}, row{"", "b", false},
               row{"X A", "b", false}, row{"X-A:", "b", false}, row{"X-A\r\nX-B", "b", false},
               row{"X-A", "b\r\nSet-Cookie: c=1", false}, row{"X-A", "b\nc", false}, row{"X-A", "\x7f", false},
               row{"content-length", "5", false}, row{"Transfer-Encoding", "chunked", false},
               row{"Connection", "close", false}, row{"Sec-WebSocket-Accept", "x", false});
  CAPTURE(r.name, r.value);
  CHECK(find_invalid_header({{"X-Fine", "yes"}, {r.name, r.value}}).empty() == r.usable);
}
