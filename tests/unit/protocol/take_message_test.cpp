// reader::take_message() takes exactly the messages that next() would return as one uncompressed piece.

#include "test.hpp"
#include "protocol/wire.hpp"

using namespace wire;

namespace {

bool is_whole_message(const std::vector<recorded_event>& events) {
  return events.size() == 1 && events[0].what == event::type::piece && events[0].first && events[0].last &&
         !events[0].compressed;
}

/// Compares both functions on one input.
void compare(const reader_options& options, const octets& bytes) {
  const std::vector<recorded_event> expected = read_all(reader(options), bytes);
  reader tested(options);
  octets copy = bytes;
  std::span<std::byte> input(copy);
  twinsocket::message taken;
  const bool found = tested.take_message(input, taken);
  REQUIRE(found == is_whole_message(expected));
  if (found) {
    REQUIRE(input.empty());
    REQUIRE(taken.kind() == expected[0].kind);
    REQUIRE(octets(taken.bytes().begin(), taken.bytes().end()) == expected[0].bytes);
    REQUIRE(tested.completed() == 1);
    REQUIRE_FALSE(tested.is_inside());
  } else {
    REQUIRE(copy == bytes);
    REQUIRE(input.size() == bytes.size());
    std::vector<recorded_event> events;
    feed_reader(tested, bytes, events);
    REQUIRE(events == expected);
  }
}

}  // namespace

TEST_CASE("take_message() agrees with next() for every first byte, mask and length encoding") {
  const role self = GENERATE(role::client, role::server);
  const bool allow_compressed = GENERATE(false, true);
  const reader_options options{.self = self,
                               .limits = twinsocket::limits().max_message_size(1 << 20).max_fragments(1'000),
                               .allow_compressed = allow_compressed};
  for (unsigned first = 0; first < 256; ++first)
    for (const bool masked : {false, true})
      for (const int length_bytes : {1, 2, 8})
        for (const std::size_t size : {0, 1, 5, 100, 125, 126, 300}) {
          if (length_bytes == 1 && size > 125) continue;
          compare(options, frame(self, first, octets(size, std::byte{'x'}), masked, length_bytes));
        }
}

TEST_CASE("take_message() takes a message only when its last byte has arrived") {
  const role self = GENERATE(role::client, role::server);
  const reader_options options{.self = self,
                               .limits = twinsocket::limits().max_message_size(1 << 20).max_fragments(1'000)};
  for (const std::size_t size : {0, 1, 7, 125, 126, 65'535, 65'536}) {
    const octets whole = frame(self, 0x82, pattern(size));
    for (const std::size_t missing : {0, 1, 2, 3, 4, 5, 6})
      if (missing <= whole.size()) compare(options, octets(whole.begin(), whole.end() - static_cast<int>(missing)));
  }
}

TEST_CASE("take_message() validates text and enforces the same limits as next()") {
  const role self = GENERATE(role::client, role::server);
  const reader_options options{
      .self = self, .limits = twinsocket::limits().max_message_size(100).max_fragments(2).max_frame_size(50)};
  for (std::size_t size = 0; size < 120; ++size) {
    std::string text(size, 'x');
    compare(options, frame(self, 0x81, octets_of(text)));
    compare(options, frame(self, 0x81, octets_of(text + "\xc3\xa9")));
    compare(options, frame(self, 0x81, octets_of(text + "\xc3")));
    compare(options, frame(self, 0x81, octets_of("\xff" + text)));
    compare({.self = self, .limits = twinsocket::limits().max_message_size(size).max_fragments(1)},
            frame(self, 0x82, pattern(50)));
    compare({.self = self, .limits = twinsocket::limits().max_message_size(100).max_fragments(size % 2)},
            frame(self, 0x82, pattern(size)));
  }
  compare({.self = self, .limits = twinsocket::limits().max_message_size(SIZE_MAX).max_fragments(1)},
          frame(self, 0x82, pattern(50)));
}

TEST_CASE("take_message() takes nothing within a message or frame header or after the close frame") {
  const role self = GENERATE(role::client, role::server);
  const octets whole = frame(self, 0x81, octets_of("whole"));
  const auto takes_after = [&](const octets& before) {
    reader tested = make_reader(self);
    std::vector<recorded_event> events;
    feed_reader(tested, before, events);
    octets copy = whole;
    std::span<std::byte> input(copy);
    twinsocket::message taken;
    return tested.take_message(input, taken);
  };
  CHECK(takes_after({}));
  CHECK(takes_after(frame(self, 0x89, octets_of("ping"))));
  CHECK(takes_after(frame(self, 0x01, octets_of("a")) + frame(self, 0x80, octets_of("b"))));
  CHECK_FALSE(takes_after(frame(self, 0x01, octets_of("begun"))));
  CHECK_FALSE(takes_after(frame(self, 0x01, octets_of("begun")) + frame(self, 0x89, octets_of("ping"))));
  CHECK_FALSE(takes_after(octets{std::byte{0x81}}));
  const octets control = frame(self, 0x89, octets_of("ping"));
  CHECK_FALSE(takes_after(octets(control.begin(), control.end() - 1)));
  CHECK_FALSE(takes_after(frame(self, 0x88, {})));
}
