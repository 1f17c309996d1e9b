// What the page of the demo says of frames, with the examples of RFC 6455 section 5.7.

#include "demo-site/frames/describe_frames.hpp"

#include <string>

#include "test.hpp"
#include "twinsocket/json.hpp"

using demo::describe_frames;
using demo::frame_description;
using demo::frame_options;
using demo::write_frames;
using twinsocket::message_kind;
using twinsocket::detail::buffer;
using twinsocket::detail::role;

namespace {

// The key of the example.
void example_key(std::span<std::byte> out) {
  constexpr std::array key{std::byte{0x37}, std::byte{0xfa}, std::byte{0x21}, std::byte{0x3d}};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = key[i % key.size()];
}

std::vector<frame_description> described(const frame_options& options, std::string_view payload) {
  const buffer frames = write_frames(options, std::as_bytes(std::span(payload.data(), payload.size())), example_key);
  return describe_frames(frames.bytes());
}

std::string text_of(const frame_description& frame) {
  std::string text;
  for (const demo::frame_field& field : frame.fields) text += field.name + '=' + field.value + ' ';
  return text;
}

}  // namespace

TEST_CASE("the fields of a masked frame cover all of its bits") {
  const auto frames = described({}, "Hello");
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].bytes == "81 85 37 fa 21 3d 7f 9f 4d 51 58");
  CHECK(text_of(frames[0]) ==
        "FIN=1 RSV1=0 RSV2, RSV3=0 0 Opcode=1 MASK=1 Payload length=5 Masking key=37 fa 21 3d "
        "Masked payload=7f 9f 4d 51 58 ");
  CHECK(frames[0].fields.back().meaning == "unmasked: 48 65 6c 6c 6f");
  std::uint32_t next = 0;
  for (const demo::frame_field& field : frames[0].fields) {
    CHECK(field.first_bit == next);
    next += field.bits;
  }
  CHECK(next == 8 * 11);
}

TEST_CASE("the fragments of a server's compressed message are described one after the other") {
  const auto frames = described(
      {.sender = role::server, .kind = message_kind::binary, .fragment_size = 3, .compressed = true}, "Hello");
  REQUIRE(frames.size() == 2);
  CHECK(text_of(frames[0]) == "FIN=0 RSV1=1 RSV2, RSV3=0 0 Opcode=2 MASK=0 Payload length=3 Payload=48 65 6c ");
  CHECK(text_of(frames[1]) == "FIN=1 RSV1=0 RSV2, RSV3=0 0 Opcode=0 MASK=0 Payload length=2 Payload=6c 6f ");
}

TEST_CASE("extended lengths and empty payloads are described") {
  const frame_options server{.sender = role::server};
  CHECK(text_of(described(server, std::string(256, 'x'))[0]).find("Payload length=126 Extended payload length=256 ") !=
        std::string::npos);
  CHECK(text_of(described(server, std::string(65'536, 'x'))[0]).find("length=127 Extended payload length=65536 ") !=
        std::string::npos);
  CHECK(text_of(described(server, "")[0]) == "FIN=1 RSV1=0 RSV2, RSV3=0 0 Opcode=1 MASK=0 Payload length=0 ");
  CHECK(described({.fragment_size = 10}, "").size() == 1);
}

TEST_CASE("bytes that are no whole frame are left out") {
  const buffer frames = write_frames({.sender = role::server}, std::as_bytes(std::span("Hello", 5)), example_key);
  for (std::size_t size = 0; size < frames.size(); ++size) CHECK(describe_frames(frames.bytes().first(size)).empty());
}

TEST_CASE("descriptions are JSON for the page") {
  const auto encoded = twinsocket::json.encode(described({.sender = role::server}, ""));
  REQUIRE(encoded.has_value());
  CHECK(encoded->text().starts_with(
      R"([{"bytes":"81 00","fields":[{"name":"FIN","first_bit":0,"bits":1,"value":"1","meaning":"the last)"));
}
