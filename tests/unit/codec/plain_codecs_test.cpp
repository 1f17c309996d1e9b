#include "codec_helpers.hpp"
#include "messages.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/xml.hpp"

using twinsocket::codec_for;
using twinsocket::errc;
using twinsocket::message;
using twinsocket::message_kind;

// The types that each codec supports are known at compile time.
static_assert(codec_for<twinsocket::text_codec, std::string>);
static_assert(!codec_for<twinsocket::text_codec, messages::person>);
static_assert(codec_for<twinsocket::binary_codec, std::vector<std::byte>>);
static_assert(codec_for<twinsocket::json_codec, messages::person>);
static_assert(codec_for<twinsocket::json_codec, std::vector<int>>);
static_assert(!codec_for<twinsocket::json_codec, void*>);
static_assert(codec_for<twinsocket::xml_codec, messages::person>);
static_assert(codec_for<twinsocket::xml_codec, messages::any_shape>);
static_assert(!codec_for<twinsocket::xml_codec, int>);

TEST_CASE("the text codec sends and receives strings unchanged and rejects binary messages") {
  const auto made = twinsocket::text.encode("a\0b\xC3\xA9");
  REQUIRE(made->is_text());
  REQUIRE(*twinsocket::text.decode<std::string>(*made) == "a");
  REQUIRE(*twinsocket::text.decode<std::string>(message(std::string_view("a\0b", 3))) == std::string("a\0b", 3));
  const auto refused = twinsocket::text.decode(message(message_kind::binary, std::span<const std::byte>()));
  REQUIRE(refused.error() == errc::wrong_kind);
  REQUIRE(refused.error().detail() == "expected a text message, found a binary one");
}

TEST_CASE("the binary codec sends and receives bytes unchanged and rejects text messages") {
  const std::vector<std::byte> bytes{std::byte{0}, std::byte{255}};
  const auto made = twinsocket::binary.encode(bytes);
  REQUIRE(made->kind() == message_kind::binary);
  REQUIRE(*twinsocket::binary.decode(*made) == bytes);
  const auto refused = twinsocket::binary.decode(message("a"));
  REQUIRE(refused.error() == errc::wrong_kind);
  REQUIRE(refused.error().detail() == "expected a binary message, found a text one");
}
