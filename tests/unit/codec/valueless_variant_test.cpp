// A std::variant has no value after an exception during an assignment.

#include <stdexcept>

#include "codec_helpers.hpp"
#include "messages.hpp"
#include "twinsocket/cbor.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/xml.hpp"

using twinsocket::cbor;
using twinsocket::errc;
using twinsocket::json;
using twinsocket::xml;

namespace {

struct fragile {
  fragile() = default;
  explicit fragile(const char* why) { throw std::runtime_error(why); }
  std::string text;
};
BOOST_DESCRIBE_STRUCT(fragile, (), (text))

struct holder {
  std::variant<messages::circle, fragile> held;
};
BOOST_DESCRIBE_STRUCT(holder, (), (held))

}  // namespace

TEST_CASE("encoding a variant without a value fails in every format", "[throws]") {
  holder broken;
  REQUIRE_THROWS_AS(broken.held.emplace<fragile>("broken"), std::runtime_error);
  REQUIRE(broken.held.valueless_by_exception());
  CHECK(written(json, broken) == "refused: held: the variant has no value");
  CHECK(written(xml, broken) == "refused: held: the variant has no value");
  CHECK(cbor.encode(broken).error().detail() == "held: the variant has no value");
  CHECK(cbor.encode(broken).error() == errc::invalid_argument);
}
