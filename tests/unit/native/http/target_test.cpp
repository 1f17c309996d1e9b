#include "http/target.hpp"

#include "test.hpp"

#include "result_text.hpp"

using twinsocket::errc;
using twinsocket::detail::form_value;
using twinsocket::detail::path_segments;
using twinsocket::detail::split_target;

TEST_CASE("split_target() splits authority, path and query") {
  struct row {
    const char* target;
    const char* authority;
    const char* path;
    const char* query;
  };
  const auto r = GENERATE(row{"/", "", "/", ""}, row{"/a/b?c=d", "", "/a/b", "c=d"}, row{"/a?b?c", "", "/a", "b?c"},
                          row{"/a?", "", "/a", ""}, row{"http://h:80/a?b", "h:80", "/a", "b"},
                          row{"HTTPS://h", "h", "", ""}, row{"//h/a", "", "//h/a", ""});
  CAPTURE(r.target);
  const auto parts = split_target(r.target);
  REQUIRE(parts);
  CHECK(parts->authority == r.authority);
  CHECK(parts->path == r.path);
  CHECK(parts->query == r.query);
}

TEST_CASE("split_target() rejects targets in other forms") {
  const auto target = GENERATE("*", "", "a/b", "host:80", "ftp://h/a", "http://", "http:///a", "http://h?a", "/a#b");
  CAPTURE(target);
  REQUIRE_FALSE(split_target(target));
}

TEST_CASE("path_segments() splits at slashes before decoding") {
  using list = std::vector<std::string>;
  CHECK(*path_segments("/") == list{""});
  CHECK(*path_segments("/a") == list{"a"});
  CHECK(*path_segments("/a/") == list{"a", ""});
  CHECK(*path_segments("/a//b") == list{"a", "", "b"});
  CHECK(*path_segments("/blue%20one/%C3%A9") == list{"blue one", "\xC3\xA9"});
  CHECK(*path_segments("/a%2Fb/c%2fd") == list{"a/b", "c/d"});
  CHECK(*path_segments("/a+b/...") == list{"a+b", "..."});
}

TEST_CASE("path_segments() rejects invalid percent-encoding, NUL and dot segments") {
  const auto path = GENERATE("/%", "/%4", "/a%4/b", "/%zz", "/%4g", "/%00", "/a%00b", "/.", "/..", "/a/../b", "/a/./b",
                             "/%2e%2e/a", "/.%2E", "/%2e");
  CAPTURE(path);
  const auto segments = path_segments(path);
  REQUIRE_FALSE(segments);
  CHECK(segments.error() == errc::malformed);
  CHECK_FALSE(path_segments(std::string_view("/a\0b", 4)));
}

TEST_CASE("form_value() returns the decoded value of a query parameter") {
  CHECK(form_value("a=1&b=2&a=3", "a") == "1");
  CHECK(form_value("a=1&b=2", "b") == "2");
  CHECK(form_value("a=x+y%21%C3%A9", "a") == "x y!\xC3\xA9");
  CHECK(form_value("a%20b=1", "a b") == "1");
  CHECK(form_value("a", "a") == "");
  CHECK(form_value("a=", "a") == "");
  CHECK(form_value("a=b=c", "a") == "b=c");
  CHECK(form_value("&&a=1&", "a") == "1");
  CHECK(form_value("a=100%&b=%zz", "a") == "100%");
  CHECK(form_value("a=100%&b=%zz", "b") == "%zz");
  CHECK_FALSE(form_value("a=1", "b"));
  CHECK_FALSE(form_value("", "a"));
}
