#include "byte_order.hpp"

#include "test.hpp"
#include <array>
#include <bit>
#include <cstring>

using twinsocket::detail::lowest_byte_first;
using twinsocket::detail::reverse_bytes;

TEST_CASE("reverse_bytes() moves each byte to the other end") {
  CHECK(reverse_bytes(0x0102030405060708) == 0x0807060504030201);
  CHECK(reverse_bytes(0xff) == 0xff00000000000000);
}

TEST_CASE("lowest_byte_first() of a word from memory begins with the first byte") {
  constexpr std::array<unsigned char, 8> memory{1, 2, 3, 4, 5, 6, 7, 8};
  std::uint64_t word = 0;
  std::memcpy(&word, memory.data(), sizeof word);
  CHECK(lowest_byte_first(word) == 0x0807060504030201);
}
