#include "protocol/reader.hpp"

#include "test.hpp"

#include "protocol/wire.hpp"

using namespace wire;

namespace {

constexpr auto text = message_kind::text;
constexpr auto binary = message_kind::binary;

std::vector<recorded_event> read_by(role self, const octets& bytes) { return read_all(make_reader(self), bytes); }

}  // namespace

TEST_CASE("the reader parses the examples of RFC 6455, section 5.7") {
  SECTION("a single-frame unmasked text message") {
    CHECK(read_by(role::client, hex("81 05 48 65 6c 6c 6f")) == std::vector{piece(text, octets_of("Hello"))});
  }
  SECTION("a single-frame masked text message") {
    CHECK(read_by(role::server, hex("81 85 37 fa 21 3d 7f 9f 4d 51 58")) ==
          std::vector{piece(text, octets_of("Hello"))});
  }
  SECTION("a fragmented unmasked text message") {
    CHECK(read_by(role::client, hex("01 03 48 65 6c") + hex("80 02 6c 6f")) ==
          std::vector{piece(text, octets_of("Hel"), true, false), piece(text, octets_of("lo"), false, true)});
  }
  SECTION("an unmasked ping and its masked pong") {
    CHECK(read_by(role::client, hex("89 05 48 65 6c 6c 6f")) == std::vector{ping("Hello")});
    CHECK(read_by(role::server, hex("8a 85 37 fa 21 3d 7f 9f 4d 51 58")) == std::vector{pong("Hello")});
  }
  SECTION("256 bytes of binary data in one unmasked frame") {
    CHECK(read_by(role::client, hex("82 7e 01 00") + pattern(256)) == std::vector{piece(binary, pattern(256))});
  }
  SECTION("64 KiB of binary data in one unmasked frame") {
    CHECK(read_by(role::client, hex("82 7f 00 00 00 00 00 01 00 00") + pattern(65536)) ==
          std::vector{piece(binary, pattern(65536))});
  }
}

TEST_CASE("many frames in one input yield one event each") {
  const role self = GENERATE(role::client, role::server);
  octets bytes;
  std::vector<recorded_event> expected;
  for (std::size_t size = 0; size < 300; ++size) {
    bytes = bytes + frame(self, 0x82, pattern(size)) + frame(self, 0x81, octets_of("t"));
    expected.push_back(piece(binary, pattern(size)));
    expected.push_back(piece(text, octets_of("t")));
  }
  CHECK(read_by(self, bytes) == expected);
}

TEST_CASE("control frames are accepted between the fragments of a message") {
  const role self = GENERATE(role::client, role::server);
  const octets bytes = frame(self, 0x01, octets_of("gr")) + frame(self, 0x89, octets_of("?")) +
                       frame(self, 0x00, octets_of("\xc3")) + frame(self, 0x8a, octets_of("!")) +
                       frame(self, 0x89, {}) + frame(self, 0x00, octets_of("\xbc\xc3")) +
                       frame(self, 0x80, octets_of("\x9f")) + frame(self, 0x88, hex("03 e8") + octets_of("bye"));
  const std::vector expected{piece(text, octets_of("gr"), true, false),
                             ping("?"),
                             piece(text, octets_of("\xc3"), false, false),
                             pong("!"),
                             ping(""),
                             piece(text, octets_of("\xbc\xc3"), false, false),
                             piece(text, octets_of("\x9f"), false, true),
                             closed(close_code::normal, "bye")};
  CHECK(read_by(self, bytes) == expected);
  CHECK(read_bytewise(make_reader(self), bytes).back() == expected.back());
  for (std::size_t border = 0; border <= bytes.size(); ++border)
    REQUIRE(merge_pieces(read_in_two(make_reader(self), bytes, border)) == merge_pieces(expected));
}

TEST_CASE("a payload that is split over several inputs yields one piece per input") {
  const octets bytes = frame(role::server, 0x82, pattern(100));
  const octets payload = pattern(100);
  const auto part = [&](std::size_t from, std::size_t to) {
    return octets(payload.begin() + static_cast<std::ptrdiff_t>(from),
                  payload.begin() + static_cast<std::ptrdiff_t>(to));
  };
  reader r = make_reader(role::server);
  std::vector<recorded_event> events;
  feed_reader(r, std::span(bytes).first(6), events);
  CHECK(events.empty());
  feed_reader(r, std::span(bytes).subspan(6, 33), events);
  feed_reader(r, std::span(bytes).subspan(39, 1), events);
  feed_reader(r, std::span(bytes).subspan(40), events);
  CHECK(events == std::vector{piece(binary, part(0, 33), true, false), piece(binary, part(33, 34), false, false),
                              piece(binary, part(34, 100), false, true)});
}

TEST_CASE("an empty message yields one empty piece") {
  const role self = GENERATE(role::client, role::server);
  CHECK(read_by(self, frame(self, 0x81, {})) == std::vector{piece(text, {})});
  CHECK(read_by(self, frame(self, 0x82, {})) == std::vector{piece(binary, {})});
  CHECK(read_bytewise(make_reader(self), frame(self, 0x82, {})) == std::vector{piece(binary, {})});
}

TEST_CASE("an empty fragment yields a piece only as the last fragment") {
  const role self = GENERATE(role::client, role::server);
  CHECK(read_by(self, frame(self, 0x02, {}) + frame(self, 0x00, {}) + frame(self, 0x00, octets_of("ab")) +
                          frame(self, 0x00, {}) + frame(self, 0x80, {})) ==
        std::vector{piece(binary, octets_of("ab"), true, false), piece(binary, {}, false, true)});
  CHECK(read_by(self, frame(self, 0x01, {}) + frame(self, 0x80, {})) == std::vector{piece(text, {})});
}

TEST_CASE("events refer to payloads in the input without a copy") {
  const role self = GENERATE(role::client, role::server);
  octets bytes = frame(self, 0x82, pattern(70000)) + frame(self, 0x89, octets_of("ping"));
  reader r = make_reader(self);
  std::span<std::byte> input(bytes);

  const event data = r.next(input);
  CHECK(data.bytes.data() == bytes.data() + (self == role::server ? 14 : 10));
  CHECK(data.bytes.size() == 70000);
  const event question = r.next(input);
  CHECK(question.bytes.data() == bytes.data() + bytes.size() - 4);
  CHECK(text_of(question.bytes) == "ping");
  CHECK(input.empty());
  CHECK(r.next(input).what == event::type::more);
}

TEST_CASE("a control frame that is split over inputs yields one event") {
  const role self = GENERATE(role::client, role::server);
  const std::string payload(125, 'p');
  const octets bytes = frame(self, 0x89, octets_of(payload)) + frame(self, 0x8a, octets_of(payload));
  const std::vector expected{ping(payload), pong(payload)};
  for (std::size_t border = 0; border <= bytes.size(); ++border)
    REQUIRE(read_in_two(make_reader(self), bytes, border) == expected);
  CHECK(read_bytewise(make_reader(self), bytes) == expected);
}

TEST_CASE("a close frame yields its code and reason and the reason lives as long as the reader") {
  const role self = GENERATE(role::client, role::server);
  const octets bytes = frame(self, 0x88, hex("0b b8") + octets_of("gr\xc3\xbc\xc3\x9f"));
  CHECK(read_by(self, bytes) == std::vector{closed(static_cast<close_code>(3000), "gr\xc3\xbc\xc3\x9f")});
  CHECK(read_bytewise(make_reader(self), bytes) == read_by(self, bytes));
  CHECK(read_by(self, frame(self, 0x88, {})) == std::vector{closed(close_code::no_status)});

  reader r = make_reader(self);
  octets input = bytes;
  std::span<std::byte> rest(input);
  const event e = r.next(rest);
  input.assign(input.size(), std::byte{});
  rest = std::span(input);
  CHECK(r.next(rest).what == event::type::more);
  CHECK(e.reason == "gr\xc3\xbc\xc3\x9f");
}

TEST_CASE("input after a close frame is discarded") {
  const role self = GENERATE(role::client, role::server);
  const octets bytes = frame(self, 0x88, hex("03 e8")) + frame(self, 0x89, {}) + hex("ff ff ff");
  CHECK(read_by(self, bytes) == std::vector{closed(close_code::normal)});
  CHECK(read_bytewise(make_reader(self), bytes) == std::vector{closed(close_code::normal)});
}

TEST_CASE("a message of exactly max_message_size and max_fragments is accepted") {
  const role self = GENERATE(role::client, role::server);
  const reader_options thousand{.self = self, .limits = twinsocket::limits().max_message_size(1000).max_fragments(3)};
  CHECK(read_all(reader(thousand), frame(self, 0x82, pattern(1000))) == std::vector{piece(binary, pattern(1000))});
  const octets parts = frame(self, 0x02, pattern(500)) + frame(self, 0x00, pattern(500)) + frame(self, 0x80, {});
  CHECK(read_all(reader(thousand), parts + parts).size() == 6);
}

TEST_CASE("RSV1 marks a compressed message if compression is negotiated") {
  const role self = GENERATE(role::client, role::server);
  const reader_options agreed{
      .self = self, .limits = twinsocket::limits().max_message_size(1000).max_fragments(10), .allow_compressed = true};
  // Compressed data is not UTF-8. The reader leaves the check to the inflater.
  recorded_event begin = piece(text, hex("f2 48"), true, false);
  recorded_event end = piece(text, hex("cd c9 ff"), false, true);
  begin.compressed = end.compressed = true;
  const octets bytes = frame(self, 0x41, hex("f2 48")) + frame(self, 0x89, {}) + frame(self, 0x80, hex("cd c9 ff")) +
                       frame(self, 0x81, octets_of("plain"));
  CHECK(read_all(reader(agreed), bytes) == std::vector{begin, ping(""), end, piece(text, octets_of("plain"))});
}
