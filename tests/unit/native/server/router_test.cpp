#include "server/router.hpp"

#include "test.hpp"
#include <string>
#include <vector>

#include "http/target.hpp"
#include "result_text.hpp"
#include "server/file_server.hpp"

using twinsocket::errc;
using twinsocket::detail::path_segments;
using twinsocket::detail::router;

namespace {

// A pattern that ends in "*" matches everything below.
std::string_view clean(std::string_view pattern) {
  return pattern.ends_with('*') ? pattern.substr(0, pattern.size() - 1) : pattern;
}

struct routes {
  explicit routes(std::vector<std::string> list) : patterns(std::move(list)) {
    for (const std::string& pattern : patterns) {
      const auto made = all.at(clean(pattern), pattern.ends_with('*'));
      REQUIRE(made);
      made_for.emplace_back(*made, pattern);
    }
  }

  // The pattern that matches a path, and its parameters as " name=value".
  [[nodiscard]] std::string operator()(std::string_view path) const {
    const auto segments = path_segments(path);
    const auto found = all.find(*segments);
    std::string text = "nothing";
    for (const auto& [route, pattern] : made_for)
      if (route == found.found) text = pattern;
    for (const auto& [name, value] : found.parameters) text.append(" ").append(name).append("=").append(value);
    return text;
  }

  std::vector<std::string> patterns;
  router all;
  std::vector<std::pair<const twinsocket::detail::route*, std::string>> made_for;
};

}  // namespace

TEST_CASE("literal segments take precedence over parameters and both over folders in any order of adding") {
  const auto order = GENERATE(0, 1, 2, 3);
  std::vector<std::string> list{"/*", "/room/{name}", "/room/lobby", "/room/{name}/log", "/room/*", "/{a}/lobby"};
  std::rotate(list.begin(), list.begin() + order, list.end());
  const routes find(list);
  CHECK(find("/room/lobby") == "/room/lobby");
  CHECK(find("/room/blue%20one") == "/room/{name} name=blue one");
  CHECK(find("/room/lobby/log") == "/room/{name}/log name=lobby");
  CHECK(find("/room/x/y") == "/room/*");
  CHECK(find("/room/") == "/room/*");
  CHECK(find("/room") == "/room/*");
  CHECK(find("/hall/lobby") == "/{a}/lobby a=hall");
  CHECK(find("/hall/bar") == "/*");
  CHECK(find("/") == "/*");
}

TEST_CASE("an exact pattern takes precedence over a folder of the same path") {
  const routes find({"/*", "/", "/a", "/a/*"});
  CHECK(find("/") == "/");
  CHECK(find("/a") == "/a");
  CHECK(find("/a/") == "/a/*");
  CHECK(find("/b") == "/*");
}

TEST_CASE("a parameter matches exactly one non-empty segment") {
  const routes find({"/{a}/{b}", "/x/{c}"});
  CHECK(find("/1/2") == "/{a}/{b} a=1 b=2");
  CHECK(find("/1%2F2/3") == "/{a}/{b} a=1/2 b=3");
  CHECK(find("/x/2") == "/x/{c} c=2");
  CHECK(find("/1") == "nothing");
  CHECK(find("/1/") == "nothing");
  CHECK(find("//2") == "nothing");
  CHECK(find("/1/2/3") == "nothing");
  CHECK(find("/") == "nothing");
}

TEST_CASE("patterns with and without a trailing slash are different") {
  const routes find({"/a", "/b/"});
  CHECK(find("/a") == "/a");
  CHECK(find("/a/") == "nothing");
  CHECK(find("/b/") == "/b/");
  CHECK(find("/b") == "nothing");
}

TEST_CASE("literal segments are compared with the decoded path case-sensitively") {
  const routes find({"/caf\xC3\xA9 x", "/A"});
  CHECK(find("/caf%C3%A9%20x") == "/caf\xC3\xA9 x");
  CHECK(find("/A") == "/A");
  CHECK(find("/a") == "nothing");
}

TEST_CASE("an invalid pattern is rejected by name") {
  const auto pattern = GENERATE("", "a", "/a?b", "/a#b", "/a//b", "//", "/a/{}", "/a/{b", "/a/b}", "/a/x{b}", "/a/{b}x",
                                "/{a-b}", "/{a}/{a}", "/a/..", "/./a");
  CAPTURE(pattern);
  router all;
  const auto made = all.at(pattern, false);
  REQUIRE_FALSE(made);
  CHECK(made.error() == errc::invalid_argument);
  CHECK_THAT(made.error().detail(), Catch::Contains(std::string("\"").append(pattern).append("\"")));
}

TEST_CASE("adding a pattern again returns the same route and other parameter names are rejected") {
  router all;
  const auto first = all.at("/room/{name}", false);
  REQUIRE(first);
  CHECK(*all.at("/room/{name}", false) == *first);
  CHECK(*all.at("/room/{name}", true) != *first);
  const auto renamed = all.at("/room/{id}", false);
  REQUIRE_FALSE(renamed);
  CHECK_THAT(renamed.error().detail(), Catch::Contains("/room/{id}"));
}

TEST_CASE("a folder pattern is the same with and without a trailing slash") {
  router all;
  CHECK(*all.at("/a/", true) == *all.at("/a", true));
}
