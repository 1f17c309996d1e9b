#include "test.hpp"
#include <algorithm>
#include <random>

#include "protocol/wire.hpp"

// Random streams of frames in any order with faults, cut at random positions.

using namespace wire;

namespace {

// The events that must not depend on how the input is cut: complete messages, and everything that is not part of a
// message.
std::vector<recorded_event> whole_events(std::vector<recorded_event> events) {
  events = merge_pieces(std::move(events));
  std::vector<recorded_event> result;
  octets message;
  for (recorded_event& t : events) {
    if (t.what != event::type::piece) {
      result.push_back(std::move(t));
      continue;
    }
    if (t.first) message.clear();
    message = std::move(message) + t.bytes;
    if (!t.last) continue;
    result.push_back(piece(t.kind, message));
    result.back().compressed = t.compressed;
  }
  return result;
}

class stream {
 public:
  explicit stream(std::uint32_t seed) : random_(seed) {}

  std::size_t up_to(std::size_t n) { return random_() % (n + 1); }

  octets frames(role reader) {
    static constexpr std::array<unsigned, 10> firsts{0x81, 0x82, 0x01, 0x02, 0x00, 0x80, 0x89, 0x8a, 0xc1, 0x88};
    static const std::array payloads{octets{},
                                     octets_of("plain"),
                                     octets_of("\xe2\x82\xac \xf0\x9f\x98\x80"),
                                     octets_of("\xe2"),
                                     octets_of("\x82\xac"),
                                     octets(125, std::byte{'a'}),
                                     octets(126, std::byte{'b'}),
                                     hex("03 e8") + octets_of("bye"),
                                     octets(300, std::byte{'c'})};
    octets result;
    for (std::size_t count = 1 + up_to(8); count-- > 0;) {
      // Mostly opcodes that are allowed here, so that the stream continues for a while.
      const std::size_t choices = up_to(9) == 0 ? firsts.size() - 1 : 7;
      result = result + frame(reader, firsts[up_to(choices)], payloads[up_to(payloads.size() - 1)]);
    }
    for (std::size_t faults = up_to(3) == 0 ? 1 + up_to(2) : 0; faults-- > 0;)
      result[up_to(result.size() - 1)] = static_cast<std::byte>(random_() & 0xff);
    return result;
  }

 private:
  std::mt19937 random_;
};

}  // namespace

TEST_CASE("the reader returns the same events for a random stream however the input is cut") {
  for (std::uint32_t seed = 0; seed < 4000; ++seed) {
    stream from(seed);
    const role self = seed % 2 ? role::client : role::server;
    const octets bytes = from.frames(self);
    const reader_options options{.self = self,
                                 .limits = twinsocket::limits().max_message_size(600).max_fragments(4),
                                 .allow_compressed = seed % 3 == 0};

    const std::vector<recorded_event> expected = whole_events(read_all(reader(options), bytes));
    std::vector<recorded_event> in_parts;
    reader r(options);
    for (std::size_t i = 0; i < bytes.size();) {
      const std::size_t here = std::min(bytes.size() - i, 1 + from.up_to(from.up_to(1) ? 3 : 200));
      feed_reader(r, std::span(bytes).subspan(i, here), in_parts);
      i += here;
    }
    CAPTURE(seed);
    if (whole_events(in_parts) != expected) FAIL("cut differently, read differently");
    if (whole_events(read_bytewise(reader(options), bytes)) != expected) FAIL("byte by byte, read differently");

    const auto is_end = [](const recorded_event& t) {
      return t.what == event::type::close || t.what == event::type::violation;
    };
    const auto end = std::find_if(expected.begin(), expected.end(), is_end);
    if (end != expected.end() && end + 1 != expected.end()) FAIL("something after the end");
  }
  SUCCEED("all");
}
