#include "test.hpp"
#include "twinsocket/twinsocket.hpp"

#include "manual_loop.hpp"

namespace {

struct reading {
  std::string sensor;
  double value = 0;
};
BOOST_DESCRIBE_STRUCT(reading, (), (sensor, value))

}  // namespace

TEST_CASE("the umbrella header includes the whole SDK") {
  using namespace twinsocket;
  const reading sent{"cpu", 1.5};
  for (const any_codec& codec : {any_codec(json), any_codec(xml), any_codec(cbor)}) {
    const auto encoded = codec.encode(sent);
    REQUIRE(encoded.has_value());
    CHECK(codec.decode<reading>(*encoded)->value == sent.value);
  }
  CHECK(url::parse("ws://a/")->port() == 80);
  static_assert(std::is_class_v<reconnect_options> && std::is_class_v<task_group> && std::is_class_v<async_mutex>);
}
