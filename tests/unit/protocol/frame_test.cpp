#include "protocol/frame.hpp"

#include "test.hpp"
#include <string>

#include "protocol/wire.hpp"

using namespace wire;

namespace {

octets encoded(const frame_header& header) {
  octets bytes(max_frame_header);
  bytes.resize(encode_header(header, bytes.data()));
  return bytes;
}

}  // namespace

TEST_CASE("encode_header() encodes the length in the fewest bytes") {
  const auto [length, bytes] = GENERATE(table<std::uint64_t, std::string>({
      {0, "82 00"},
      {1, "82 01"},
      {125, "82 7d"},
      {126, "82 7e 00 7e"},
      {127, "82 7e 00 7f"},
      {256, "82 7e 01 00"},
      {65535, "82 7e ff ff"},
      {65536, "82 7f 00 00 00 00 00 01 00 00"},
      {70000, "82 7f 00 00 00 00 00 01 11 70"},
      {0x123456789abcdef0, "82 7f 12 34 56 78 9a bc de f0"},
  }));
  CHECK(encoded({.op = opcode::binary, .length = length}) == hex(bytes));
}

TEST_CASE("the masking key of a frame header follows the length") {
  CHECK(encoded({.op = opcode::text, .masked = true, .key = key, .length = 5}) == hex("81 85 37 fa 21 3d"));
  CHECK(encoded({.op = opcode::text, .masked = true, .key = key, .length = 126}) == hex("81 fe 00 7e 37 fa 21 3d"));
  CHECK(encoded({.op = opcode::text, .masked = true, .key = key, .length = 65536}) ==
        hex("81 ff 00 00 00 00 00 01 00 00 37 fa 21 3d"));
}

TEST_CASE("the first byte of a frame header has FIN, RSV1 and the opcode") {
  const auto [op, number] = GENERATE(table<opcode, unsigned>({{opcode::continuation, 0},
                                                              {opcode::text, 1},
                                                              {opcode::binary, 2},
                                                              {opcode::close, 8},
                                                              {opcode::ping, 9},
                                                              {opcode::pong, 10}}));
  CHECK(encoded({.op = op})[0] == static_cast<std::byte>(0x80 | number));
  CHECK(encoded({.op = op, .fin = false})[0] == static_cast<std::byte>(number));
  CHECK(encoded({.op = op, .rsv1 = true})[0] == static_cast<std::byte>(0xc0 | number));
  CHECK(is_control(op) == (number >= 8));
}

TEST_CASE("a frame header round-trips") {
  const auto length = GENERATE(as<std::uint64_t>(), 0, 1, 125, 126, 127, 65535, 65536, 70000, ~std::uint64_t{0});
  const bool fin = GENERATE(false, true);
  const bool masked = GENERATE(false, true);
  const frame_header header{.op = opcode::binary,
                            .fin = fin,
                            .rsv1 = !fin,
                            .masked = masked,
                            .key = masked ? key : mask_key{},
                            .length = length};
  const octets bytes = encoded(header);
  CHECK(header_size(bytes[1]) == bytes.size());
  const frame_header read = decode_header(bytes.data());
  CHECK(read.op == header.op);
  CHECK(read.fin == header.fin);
  CHECK(read.rsv1 == header.rsv1);
  CHECK(read.masked == header.masked);
  CHECK(read.key == header.key);
  CHECK(read.length == header.length);
}
