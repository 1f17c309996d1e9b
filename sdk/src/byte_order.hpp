#pragma once

#include <bit>
#include <cstdint>

namespace twinsocket::detail {

/// The word with its bytes in the opposite order. Compilers make one instruction of it.
[[nodiscard]] constexpr std::uint64_t reverse_bytes(std::uint64_t word) noexcept {
  constexpr std::uint64_t bytes = 0x00ff00ff00ff00ff, pairs = 0x0000ffff0000ffff;
  word = ((word >> 8) & bytes) | ((word & bytes) << 8);
  word = ((word >> 16) & pairs) | ((word & pairs) << 16);
  return (word >> 32) | (word << 32);
}

/// A word from memory as a number whose lowest byte was the first one there.
[[nodiscard]] constexpr std::uint64_t lowest_byte_first(std::uint64_t word) noexcept {
  return std::endian::native == std::endian::little ? word : reverse_bytes(word);
}

}  // namespace twinsocket::detail
