#include "test.hpp"

#include "compressed_wire.hpp"

// The examples of RFC 7692 section 7.2.3, and other valid uses of DEFLATE.

using namespace wire;

namespace {

constexpr unsigned text_frame = 0xc1;

/// A client that receives a server's bytes.
struct receiver {
  explicit receiver(const deflate_parameters& agreed = {}, const twinsocket::limits& values = {})
      : session(compressing(role::client, zlib_setup(agreed), values), start) {}

  /// Returns the received texts, or the close code and the error.
  std::string receives(const octets& bytes) {
    feed(session, bytes);
    std::string all;
    for (const received_message& g : take_messages(session)) all.append("<").append(text_of(g.bytes)).append(">");
    if (session.settled()) all += std::to_string(static_cast<int>(session.info().code)) + " " + session.info().reason;
    return all;
  }
  std::string receives_message(std::string_view hex_payload) {
    return receives(frame(role::client, text_frame, hex(hex_payload)));
  }

  wire_session session;
};

constexpr const char* corrupt = "1007 a compressed message cannot be inflated (RFC 7692 section 7.2.2)";

}  // namespace

TEST_CASE("the examples of RFC 7692, section 7.2.3, are inflated") {
  // 7.2.3.1: one block, in one frame and in two.
  CHECK(receiver().receives(hex("c1 07 f2 48 cd c9 c9 07 00")) == "<Hello>");
  CHECK(receiver().receives(hex("41 03 f2 48 cd 80 04 c9 c9 07 00")) == "<Hello>");
  {
    // 7.2.3.2: the second message refers back to the first.
    receiver r;
    CHECK(r.receives_message("f2 48 cd c9 c9 07 00") == "<Hello>");
    CHECK(r.receives_message("f2 00 11 00 00") == "<Hello>");
  }
  // 7.2.3.3: a block without compression.
  CHECK(receiver().receives(hex("c1 0b 00 05 00 fa ff 48 65 6c 6c 6f 00")) == "<Hello>");
  // 7.2.3.4: a final block.
  CHECK(receiver().receives_message("f3 48 cd c9 c9 07 00 00") == "<Hello>");
  // 7.2.3.5: two blocks.
  CHECK(receiver().receives_message("f2 48 05 00 00 00 ff ff ca c9 c9 07 00") == "<Hello>");
  // 7.2.3.6: no bytes at all.
  CHECK(receiver().receives_message("00") == "<>");
}

TEST_CASE("the examples of RFC 7692, section 7.2.3, are produced") {
  compressed_pair pair(zlib_setup());
  CHECK(pair.send(role::server, message_kind::text, octets_of("Hello")) == hex("c1 07 f2 48 cd c9 c9 07 00"));
  CHECK(pair.send(role::server, message_kind::text, octets_of("Hello")) == hex("c1 05 f2 00 11 00 00"));
  // Without context takeover, incompressible data is sent uncompressed.
  compressed_pair alone(zlib_setup({true, true, 15, 15}));
  for (int i = 0; i < 2; ++i)
    CHECK(alone.send(role::server, message_kind::text, octets_of("Hello")) == hex("81 05 48 65 6c 6c 6f"));
}

TEST_CASE("messages continue after a final block and may refer to data before it") {
  receiver r;
  CHECK(r.receives_message("f3 48 cd c9 c9 07 00 00") == "<Hello>");
  CHECK(r.receives_message("f2 00 11 00 00") == "<Hello>");
  CHECK(r.receives_message("f3 48 cd c9 c9 07 00 f3 48 cd c9 c9 07 00 00") == "<HelloHello>");
  CHECK(r.receives_message("f2 48 cd c9 c9 07 00") == "<Hello>");
}

TEST_CASE("a message that ends with a complete block is accepted") {
  receiver r;
  CHECK(r.receives_message("f3 48 cd c9 c9 07 00") == "<Hello>");
  CHECK(r.receives_message("f2 48 cd c9 c9 07 00 00 00 ff ff") == "<Hello>");
  CHECK(r.receives_message("") == "<>");
  CHECK(r.receives_message("f2 48 cd c9 c9 07 00") == "<Hello>");
}

TEST_CASE("compressed and uncompressed messages may alternate") {
  receiver r;
  CHECK(r.receives(hex("c1 07 f2 48 cd c9 c9 07 00 81 02 48 69 c1 05 f2 00 11 00 00")) == "<Hello><Hi><Hello>");
}

TEST_CASE("uncompressed control frames are accepted between compressed fragments") {
  receiver r;
  CHECK(r.receives(hex("41 03 f2 48 cd 89 02 48 69 80 04 c9 c9 07 00")) == "<Hello>");
  CHECK(read_all(make_reader(role::server), written(r.session)) == std::vector{pong("Hi")});
}

TEST_CASE("RSV1 is accepted only on the first frame of a data message") {
  CHECK(receiver().receives(hex("41 03 f2 48 cd c0 04 c9 c9 07 00")) ==
        "1002 only a message's first frame may say that it is compressed (RFC 7692 section 6.1)");
  CHECK(receiver().receives(hex("01 02 48 69 c0 01 00")) ==
        "1002 only a message's first frame may say that it is compressed (RFC 7692 section 6.1)");
  CHECK(receiver().receives(hex("c9 00")) == "1002 control frames may not be compressed (RFC 7692 section 6.1)");
  CHECK(receiver().receives(hex("c8 00")) == "1002 control frames may not be compressed (RFC 7692 section 6.1)");
  wire_session plain({.self = role::client, .random = counting_bytes}, start);
  feed(plain, hex("c1 07 f2 48 cd c9 c9 07 00"));
  CHECK(plain.info().code == close_code::protocol_error);
}

TEST_CASE("a message that cannot be inflated closes with 1007 and its connection receives nothing more") {
  const auto bytes =
      GENERATE("ff", "ff ff ff ff", "07", "f2 48 cd c9", "f2 48 cd c9 c9 07", "00 05 00 fa ff 48 65",
               "00 05 00 fa fe 48", "00 05", "04", "ca 00 11 00", "f2 00 11 00 00", "f3 48 cd c9 c9 07 00 07");
  CAPTURE(bytes);
  receiver r;
  CHECK(r.receives_message(bytes) == corrupt);
  CHECK(r.session.failure().code() == errc::protocol_violation);
  CHECK_FALSE(r.session.info().clean);
}

TEST_CASE("messages before a corrupt one are delivered and later ones are not") {
  receiver r;
  CHECK(r.receives(hex("c1 07 f2 48 cd c9 c9 07 00 c1 01 07 81 02 48 69")) == std::string("<Hello>") + corrupt);
}

TEST_CASE("without context takeover a reference to an earlier message is corrupt") {
  receiver r({true, false, 15, 15});
  CHECK(r.receives_message("f2 48 cd c9 c9 07 00") == "<Hello>");
  CHECK(r.receives_message("f2 00 11 00 00") == corrupt);
}

TEST_CASE("inflated text is validated incrementally and fails at the first invalid byte") {
  constexpr const char* no_text = "1007 a text message is not valid UTF-8 (RFC 6455 section 8.1)";
  const auto stored = [](unsigned first, const octets& payload) {
    octets block = hex("00") + octets{static_cast<std::byte>(payload.size()), std::byte{0}};
    block = std::move(block) + octets{~static_cast<std::byte>(payload.size()), std::byte{0xff}} + payload;
    return frame(role::client, first, block);
  };
  CHECK(receiver().receives(stored(0x41, hex("48 ff"))) == no_text);
  CHECK(receiver().receives(stored(0x41, hex("e2 82")) + stored(0x00, hex("41"))) == no_text);
  CHECK(receiver().receives(stored(0x41, hex("e2 82")) + stored(0x00, hex("ac")) + hex("80 01 00")) ==
        "<\xe2\x82\xac>");
  CHECK(receiver().receives(stored(0x41, hex("e2 82")) + hex("80 01 00")) == no_text);
  // The text is checked while its frame is still arriving.
  octets part = stored(0x41, hex("48 69 ff 48 69 48 69 48 69"));
  part.resize(part.size() - 5);
  CHECK(receiver().receives(part) == no_text);
  // A valid text may be followed by any other message, and binary messages need not be UTF-8.
  receiver r;
  CHECK(r.receives(stored(0x41, hex("c3")) + stored(0x00, hex("a9")) + hex("80 01 00") + stored(0x42, hex("ff")) +
                   hex("80 01 00")) == "<\xc3\xa9><\xff>");
}

TEST_CASE("corrupted compressed messages yield either a message or a close") {
  std::uint32_t seed = 1;
  const auto random = [&] { return (seed = seed * 1664525 + 1013904223) >> 16; };
  int corrupt_ones = 0;
  for (int round = 0; round < 3'000; ++round) {
    octets payload = octets_of("Hello, hello, hello, hello");
    compressed_pair pair(zlib_setup());
    octets bytes = pair.send(role::server, message_kind::binary, payload);
    const std::size_t header = 2;
    for (unsigned flips = 1 + random() % 4; flips > 0; --flips)
      bytes[header + random() % (bytes.size() - header)] ^= static_cast<std::byte>(1U << random() % 8);
    const std::size_t border = random() % bytes.size();
    receiver r;
    feed(r.session, octets(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(border)));
    if (!r.session.settled()) feed(r.session, octets(bytes.begin() + static_cast<std::ptrdiff_t>(border), bytes.end()));
    const std::size_t messages = take_messages(r.session).size();
    REQUIRE(messages + (r.session.settled() ? 1 : 0) == 1);
    corrupt_ones += r.session.settled() ? 1 : 0;
  }
  CHECK(corrupt_ones > 1'000);
}
