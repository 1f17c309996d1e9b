#include "test.hpp"
#include <type_traits>

#include "allocations.hpp"
#include "protocol/wire.hpp"
#include "protocol/writer.hpp"

// The protocol allocates nothing in steady-state messaging.

using namespace wire;

namespace {

void count_up(std::span<std::byte> bytes) {
  static unsigned next = 0;
  for (std::byte& b : bytes) b = static_cast<std::byte>(++next & 0xff);
}

// An event owns no resources.
static_assert(std::is_trivially_destructible_v<event>);

}  // namespace

TEST_CASE("allocations() counts operator new and malloc()") {
  const std::size_t before = allocations();
  const auto by_new = std::make_unique<std::byte[]>(1000);
  const buffer by_malloc(octets(100'000));
  CHECK(by_new != nullptr);
  CHECK(by_malloc.size() == 100'000);
  CHECK(allocations() >= before + 2);
}

TEST_CASE("the reader allocates nothing for whole frames and one block for cut frames and the close reason") {
  const std::array payloads{octets_of("short"), octets_of("gr\xc3\xbc\xc3\x9f"), octets(1000, std::byte{'a'})};
  octets conversation;
  for (const octets& payload : payloads)
    for (const unsigned first : {0x81u, 0x82u, 0x89u, 0x8au})
      if (first < 0x88 || payload.size() <= 125) conversation = conversation + frame(role::server, first, payload);
  const std::array ends{
      frame(role::server, 0x88, hex("03 e8") + octets_of("a reason that is no short string any more")),
      frame(role::server, 0x81, octets_of("\xff")), frame(role::server, 0x83, {})};
  for (const octets& end : ends)
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{100'000}}) {
      octets bytes = conversation + end;
      reader r = make_reader(role::server);
      int pieces = 0, ended = 0;
      const std::size_t before = allocations();
      std::size_t before_end = before;
      for (std::size_t i = 0; i < bytes.size(); i += step) {
        std::span<std::byte> input = std::span(bytes).subspan(i, std::min(step, bytes.size() - i));
        for (event e = r.next(input); e.what != event::type::more; e = r.next(input)) {
          if (e.what == event::type::piece || e.what == event::type::ping || e.what == event::type::pong)
            before_end = allocations();
          pieces += e.what == event::type::piece;
          ended += e.what == event::type::close || e.what == event::type::violation;
        }
      }
      CHECK(before_end == before + (step > bytes.size() ? 0 : 1));
      CHECK(allocations() == before + 1);
      CHECK(pieces >= 6);
      CHECK(ended == 1);
    }
}

TEST_CASE("the writer allocates nothing in a buffer with capacity except for a client's first mask keys") {
  const role self = GENERATE(role::client, role::server);
  const octets payload(1000);
  writer w(self, count_up);
  buffer out;
  std::size_t before = 0;
  for (int turn = 0; turn < 2; ++turn) {
    before = allocations();
    out.clear();
    for (int i = 0; i < 50; ++i) w.message(out, message_kind::binary, payload);
    w.ping(out, std::span(payload).first(5));
    w.close(out, close_code::normal, "bye");
  }
  CHECK(allocations() == before);
  CHECK(out.size() > 50'000);
}
