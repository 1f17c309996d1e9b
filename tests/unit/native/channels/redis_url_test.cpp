// Addresses of Redis servers.

#include "channels/redis_url.hpp"

#include "test.hpp"
#include "twinsocket/native/redis_broker.hpp"

using twinsocket::errc;
using twinsocket::redis_broker;
using twinsocket::detail::parse_redis_url;

TEST_CASE("the parts of a Redis URL have defaults") {
  const auto least = parse_redis_url("redis://example.com");
  REQUIRE(least.has_value());
  CHECK(least->address.text() == "ws://example.com:6379/");
  CHECK(least->user.empty());
  CHECK(least->password.empty());
  CHECK(least->database == 0);
  const auto most = parse_redis_url("REDISS://ann:p%40s%2Fs@[::1]:7000/15");
  REQUIRE(most.has_value());
  CHECK(most->address.text() == "wss://[::1]:7000/");
  CHECK(most->user == "ann");
  CHECK(most->password == "p@s/s");
  CHECK(most->database == 15);
  CHECK(parse_redis_url("redis://:p@q@h/")->password == "p@q");
  CHECK(parse_redis_url("redis://[::1]")->address.text() == "ws://[::1]:6379/");
}

TEST_CASE("an invalid Redis URL is refused, and nothing of it is in the error") {
  for (const char* text :
       {"", "secret", "redis:/secret", "http://secret", "redis://", "redis:///1", "redis://:secret@",
        "redis://secret@host", "redis://a:%secret@host", "redis://host:secret", "redis://user:sec/ret@host",

        "redis://host/secret", "redis://host/-1", "redis://host/1/2", "redis://host/99999999999", "redis://host?secret",
        "redis://host/1?secret", "redis://host:99999", "redis://ho st"}) {
    const auto parsed = parse_redis_url(text);
    INFO(text);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error() == errc::invalid_argument);
    CHECK(parsed.error().message().find("sec") == std::string::npos);
    CHECK(redis_broker(text).error() == errc::invalid_argument);
  }
}

TEST_CASE("a key prefix cannot contain a brace, which would decide where a cluster keeps the key") {
  twinsocket::redis_broker_options options;
  options.key_prefix = "a{b";
  CHECK(redis_broker("redis://localhost", options).error() == errc::invalid_argument);
}
