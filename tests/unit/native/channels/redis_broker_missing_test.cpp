// A build without hiredis.

#include "test.hpp"
#include "twinsocket/native/redis_broker.hpp"

TEST_CASE("without hiredis redis_broker() fails and names the package") {
  const auto made = twinsocket::redis_broker("redis://localhost");
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error() == twinsocket::errc::unsupported);
  CHECK_THAT(made.error().message(), Catch::Contains("libhiredis-dev"));
}
