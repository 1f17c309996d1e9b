#include "protocol/writer.hpp"

#include "test.hpp"
#include <set>

#include "protocol/wire.hpp"

// The reader of one side reads what the writer of the other side writes.

using namespace wire;

namespace {

constexpr auto text = message_kind::text;
constexpr auto binary = message_kind::binary;

int random_calls = 0;

void count_up(std::span<std::byte> bytes) {
  static std::uint32_t next = 1;
  ++random_calls;
  for (std::byte& b : bytes) b = static_cast<std::byte>((next = next * 1664525 + 1013904223) >> 24);
}

role other(role self) { return self == role::client ? role::server : role::client; }

octets copy_of(const buffer& b) { return {b.bytes().begin(), b.bytes().end()}; }

// All cut positions of a short frame; of a long one those near its ends, where headers and blocks are cut, and some
// between.
std::vector<std::size_t> borders_of(std::size_t size) {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i <= size; ++i)
    if (i < 100 || i + 70 > size || i % 4093 == 0) result.push_back(i);
  return result;
}

}  // namespace

TEST_CASE("frames with every header length are read back for every cut position") {
  const role sender = GENERATE(role::client, role::server);
  const std::size_t size = GENERATE(as<std::size_t>(), 0, 1, 125, 126, 127, 65535, 65536, 70000);
  const octets payload = pattern(size);
  buffer out;
  writer(sender, count_up).message(out, binary, payload);
  const octets bytes = copy_of(out);
  const std::size_t header = (size < 126 ? 2 : size < 65536 ? 4 : 10) + (sender == role::client ? 4 : 0);
  CHECK(bytes.size() == header + size);

  const std::vector expected{piece(binary, payload)};
  const auto fresh = [&] { return make_reader(other(sender)); };
  CHECK(read_all(fresh(), bytes) == expected);
  CHECK(merge_pieces(read_bytewise(fresh(), bytes)) == expected);
  for (const std::size_t border : borders_of(bytes.size())) {
    const std::vector<recorded_event> events = read_in_two(fresh(), bytes, border);
    REQUIRE(merge_pieces(events) == expected);
    const bool payload_is_cut = border > header && border < bytes.size();
    REQUIRE(events.size() == (payload_is_cut ? 2 : 1));
  }
}

TEST_CASE("text is read back for every cut position within its characters") {
  const role sender = GENERATE(role::client, role::server);
  std::string greeting;
  while (greeting.size() < 200) greeting += "gr\xc3\xbc\xc3\x9f dich \xe2\x82\xac \xf0\x9f\x98\x80 ";
  buffer out;
  writer(sender, count_up).message(out, text, octets_of(greeting));
  const octets bytes = copy_of(out);
  const std::vector expected{piece(text, octets_of(greeting))};
  const auto fresh = [&] { return make_reader(other(sender)); };
  CHECK(merge_pieces(read_bytewise(fresh(), bytes)) == expected);
  for (std::size_t border = 0; border <= bytes.size(); ++border)
    REQUIRE(merge_pieces(read_in_two(fresh(), bytes, border)) == expected);
}

TEST_CASE("fragments, pings, pongs and a close frame are read back in order") {
  const role sender = GENERATE(role::client, role::server);
  writer w(sender, count_up);
  buffer out;
  w.fragment(out, text, octets_of("one "), true, false);
  w.ping(out, octets_of("there?"));
  w.fragment(out, text, octets_of("two "), false, false);
  w.pong(out, octets_of("here"));
  w.fragment(out, text, octets_of("three"), false, true);
  w.fragment(out, binary, octets_of("alone"), true, true);
  w.close(out, close_code::going_away, "enough");
  const std::vector expected{piece(text, octets_of("one "), true, false),  ping("there?"),
                             piece(text, octets_of("two "), false, false), pong("here"),
                             piece(text, octets_of("three"), false, true), piece(binary, octets_of("alone")),
                             closed(close_code::going_away, "enough")};
  const octets bytes = copy_of(out);
  CHECK(read_all(make_reader(other(sender)), bytes) == expected);
  for (std::size_t border = 0; border <= bytes.size(); ++border)
    REQUIRE(merge_pieces(read_in_two(make_reader(other(sender)), bytes, border)) == merge_pieces(expected));
}

TEST_CASE("the writer produces the bytes of RFC 6455, section 5.7") {
  writer server(role::server, nullptr);
  const auto written = [&](auto write) {
    buffer out;
    write(out);
    return copy_of(out);
  };
  CHECK(written([&](buffer& out) { server.message(out, text, octets_of("Hello")); }) == hex("81 05 48 65 6c 6c 6f"));
  CHECK(written([&](buffer& out) { server.fragment(out, text, octets_of("Hel"), true, false); }) ==
        hex("01 03 48 65 6c"));
  CHECK(written([&](buffer& out) { server.fragment(out, text, octets_of("lo"), false, true); }) == hex("80 02 6c 6f"));
  CHECK(written([&](buffer& out) { server.ping(out, octets_of("Hello")); }) == hex("89 05 48 65 6c 6c 6f"));
  CHECK(written([&](buffer& out) { server.message(out, binary, octets(256)); }) == hex("82 7e 01 00") + octets(256));

  const auto the_key = [](std::span<std::byte> bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = key[i % 4];
  };
  writer client(role::client, the_key);
  CHECK(written([&](buffer& out) { client.message(out, text, octets_of("Hello")); }) ==
        hex("81 85 37 fa 21 3d 7f 9f 4d 51 58"));
  CHECK(written([&](buffer& out) { client.pong(out, octets_of("Hello")); }) == hex("8a 85 37 fa 21 3d 7f 9f 4d 51 58"));
}

TEST_CASE("a close frame without a status is empty and a long reason is truncated") {
  writer w(role::server, nullptr);
  buffer out;
  w.close(out, close_code::no_status, "never sent");
  CHECK(copy_of(out) == hex("88 00"));
  out.clear();
  w.close(out, close_code::normal, std::string(122, 'x') + "\xc3\xa9");
  CHECK(copy_of(out) == hex("88 7c 03 e8") + octets(122, std::byte{'x'}));
}

TEST_CASE("a ping payload over 125 bytes is truncated") {
  writer w(role::server, nullptr);
  buffer out;
  w.ping(out, octets(126, std::byte{'x'}));
  CHECK(read_all(make_reader(role::client), copy_of(out)) == std::vector{ping(std::string(125, 'x'))});
}

TEST_CASE("the writer appends frames to the buffer") {
  writer w(role::server, nullptr);
  buffer out;
  for (int i = 0; i < 100; ++i) w.message(out, text, octets_of("message"));
  CHECK(read_all(make_reader(role::client), copy_of(out)) == std::vector(100, piece(text, octets_of("message"))));
}

TEST_CASE("each client frame has its own mask key from a block of random bytes") {
  random_calls = 0;
  writer w(role::client, count_up);
  CHECK(random_calls == 0);
  std::set<octets> keys;
  for (int i = 0; i < 160; ++i) {
    buffer out;
    w.message(out, text, octets_of("x"));
    const octets bytes = copy_of(out);
    keys.insert(octets(bytes.begin() + 2, bytes.begin() + 6));
  }
  CHECK(keys.size() == 160);
  CHECK(random_calls == 10);
}
