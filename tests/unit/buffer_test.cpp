#include "twinsocket/detail/buffer.hpp"

#include "test.hpp"
#include <string>
#include <string_view>

using twinsocket::detail::buffer;
using twinsocket::detail::text_bytes;

namespace {
std::string_view text_of(const buffer& b) { return {reinterpret_cast<const char*>(b.data()), b.size()}; }
}  // namespace

TEST_CASE("append() preserves the contents while the buffer grows") {
  buffer b;
  std::string expected;
  for (int i = 0; i < 10'000; ++i) {
    b.append(text_bytes("0123456789"));
    expected += "0123456789";
  }
  REQUIRE(text_of(b) == expected);
}

TEST_CASE("a new buffer reuses the memory block of a destroyed one") {
  const std::byte* first = nullptr;
  {
    buffer b(text_bytes("hello"));
    first = b.data();
  }
  buffer again(text_bytes("world"));
  REQUIRE(again.data() == first);
  REQUIRE(text_of(again) == "world");
}

TEST_CASE("a moved-from buffer is empty and usable") {
  buffer a(text_bytes("hello"));
  buffer b(std::move(a));
  REQUIRE(a.empty());
  a.append(text_bytes("again"));
  REQUIRE(text_of(a) == "again");
  REQUIRE(text_of(b) == "hello");
}
