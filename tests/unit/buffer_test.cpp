#include "twinsocket/detail/buffer.hpp"

#include "test.hpp"
#include <string>
#include <string_view>

using twinsocket::detail::buffer;

namespace {
std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }
std::string_view text_of(const buffer& b) { return {reinterpret_cast<const char*>(b.data()), b.size()}; }
}  // namespace

TEST_CASE("a buffer keeps its contents while it grows") {
  buffer b;
  std::string expected;
  for (int i = 0; i < 10'000; ++i) {
    b.append(bytes_of("0123456789"));
    expected += "0123456789";
  }
  REQUIRE(text_of(b) == expected);
}

TEST_CASE("a buffer that is given back is taken again") {
  const std::byte* first = nullptr;
  {
    buffer b(bytes_of("hello"));
    first = b.data();
  }
  buffer again(bytes_of("world"));
  REQUIRE(again.data() == first);
  REQUIRE(text_of(again) == "world");
}

TEST_CASE("a moved-from buffer is empty and usable") {
  buffer a(bytes_of("hello"));
  buffer b(std::move(a));
  REQUIRE(a.empty());
  a.append(bytes_of("again"));
  REQUIRE(text_of(a) == "again");
  REQUIRE(text_of(b) == "hello");
}
