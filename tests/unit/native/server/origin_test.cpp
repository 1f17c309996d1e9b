#include "server/origin.hpp"

#include "test.hpp"

#include "result_text.hpp"

using twinsocket::errc;
using twinsocket::detail::origin_policy;

namespace {

bool allows(std::vector<std::string> patterns, std::string_view origin, std::string_view host) {
  const auto policy = origin_policy::make(std::move(patterns), false);
  REQUIRE(policy);
  return policy->allows(origin, host);
}

}  // namespace

TEST_CASE("without patterns an Origin must equal the requested host and port") {
  struct row {
    const char* origin;
    const char* host;
    bool allowed;
  };
  const auto r = GENERATE(
      row{"http://localhost:8080", "localhost:8080", true}, row{"http://LocalHost:8080", "localhost:8080", true},
      row{"http://example.com", "example.com", true}, row{"http://example.com", "example.com:80", true},
      row{"http://example.com:80", "example.com", true}, row{"https://example.com", "example.com", true},
      row{"https://example.com", "example.com:443", true}, row{"http://[::1]:8080", "[::1]:8080", true},
      row{"http://localhost:8080/", "localhost:8080", true}, row{"http://localhost:8080//", "localhost:8080", false},
      row{"http:///", "", false}, row{"http://localhost/", "localhost:8080", true},
      row{"http://localhost/", "127.0.0.1:8080", true}, row{"http://example.com/", "example.com:8080", true},
      row{"http://evil.org/", "example.com:8080", false}, row{"http://evil.org/", "localhost:8080", false},
      row{"http://127.0.0.1", "localhost:8080", false}, row{"http://[::1]", "[::1]:80", true},
      row{"http://localhost:8080", "localhost:8081", false}, row{"http://localhost", "localhost:8080", false},
      row{"http://127.0.0.1:8080", "localhost:8080", false}, row{"https://example.com", "example.com:80", false},
      row{"http://example.com", "www.example.com", false}, row{"http://www.example.com", "example.com", false},
      row{"http://example.com.evil.org", "example.com", false},
      row{"http://evil.org/example.com", "example.com", false}, row{"http://example.com@evil.org", "evil.org", false},
      row{"null", "localhost", false}, row{"", "localhost", false}, row{"localhost", "localhost", false},
      row{"http://", "", false}, row{"http://a", "", false}, row{"http://a:*", "a:*", false},
      row{"http://*", "*", false}, row{"http://a", "*", false}, row{"http://a:1", "a:*", false},
      row{"*://a", "a", false}, row{"file://", "localhost", false}, row{"http://a:x", "a:x", false},
      row{"http://a:", "a", false});
  CAPTURE(r.origin, r.host);
  CHECK(allows({}, r.origin, r.host) == r.allowed);
}

TEST_CASE("origin patterns accept further origins") {
  struct row {
    const char* pattern;
    const char* origin;
    bool allowed;
  };
  const auto r = GENERATE(
      row{"https://example.com", "https://example.com", true},
      row{"https://example.com", "https://EXAMPLE.com:443", true},
      row{"https://example.com:443", "https://example.com", true},
      row{"https://example.com", "http://example.com", false},
      row{"https://example.com", "https://example.com:8443", false},
      row{"https://example.com", "https://www.example.com", false},
      row{"https://*.example.com", "https://www.example.com", true},
      row{"https://*.example.com", "https://a.b.example.com", true},
      row{"https://*.example.com", "https://example.com", false},
      row{"https://*.example.com", "https://evilexample.com", false},
      row{"https://*.example.com", "https://www.example.com.evil.org", false},
      row{"https://*.example.com", "https://www.example.com:8443", false},
      row{"https://*.example.com:*", "https://www.example.com:8443", true},
      row{"http://localhost:*", "http://localhost:5173", true}, row{"http://localhost:*", "http://localhost", true},
      row{"http://localhost:*", "https://localhost:5173", false},
      row{"*://localhost:*", "https://localhost:5173", true}, row{"*://localhost", "https://localhost", true},
      row{"*://localhost", "http://localhost:443", false}, row{"http://app-*-*.test", "http://app-1-2.test", true},
      row{"http://app-*-*.test", "http://app-1.test", false}, row{"http://*", "http://anything", true},
      row{"http://*", "http://anything:81", false}, row{"*://*:*", "x-app://y:1", true},
      row{"http://[::1]:*", "http://[::1]:5173", true}, row{"null", "null", true}, row{"*://*:*", "null", false},
      row{"null", "http://a", false}, row{"*://*:*", "http://a/b", false}, row{"*://*:*", "nonsense", false});
  CAPTURE(r.pattern, r.origin);
  CHECK(allows({"http://other.test", r.pattern}, r.origin, "server.test") == r.allowed);
}

TEST_CASE("origin patterns keep the same-host rule") {
  CHECK(allows({"https://example.com"}, "http://server.test", "server.test"));
}

TEST_CASE("any_origin accepts every Origin") {
  const auto policy = origin_policy::make({}, true);
  REQUIRE(policy);
  CHECK(policy->allows("https://evil.org", "server.test"));
  CHECK(policy->allows("null", "server.test"));
}

TEST_CASE("matching a long pattern with a long Origin does not backtrack exponentially") {
  std::string pattern = "http://";
  for (int i = 0; i < 2000; ++i) pattern += "*a";
  CHECK_FALSE(allows({pattern + "b"}, "http://" + std::string(4000, 'a'), "server.test"));
}

TEST_CASE("an invalid origin pattern is rejected by name") {
  const auto pattern = GENERATE("", "*", "example.com", "https://", "https://a/b", "https://a:b", "https://a:123456",
                                "://a", "https://a b", "https://a?b");
  CAPTURE(pattern);
  const auto policy = origin_policy::make({pattern}, false);
  REQUIRE_FALSE(policy);
  CHECK(policy.error() == errc::invalid_argument);
  CHECK_THAT(policy.error().detail(), Catch::Contains(std::string("\"").append(pattern).append("\"")));
}
