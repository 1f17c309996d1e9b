#include "protocol/sha1.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace twinsocket::detail {

namespace {

using hash_value = std::array<std::uint32_t, 5>;
constexpr std::size_t block_size = 64;

std::uint32_t big_endian(const std::byte* from) noexcept {
  std::uint32_t word = 0;
  for (int i = 0; i < 4; ++i) word = word << 8 | std::to_integer<std::uint32_t>(from[i]);
  return word;
}

void mix(hash_value& hash, const std::byte* bytes) noexcept {
  std::array<std::uint32_t, 80> w;
  for (std::size_t i = 0; i < 16; ++i) w[i] = big_endian(bytes + 4 * i);
  for (std::size_t i = 16; i < 80; ++i) w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
  std::uint32_t a = hash[0], b = hash[1], c = hash[2], d = hash[3], e = hash[4];
  // RFC 3174 section 5: four stages of 20 steps, each with its own function and constant.
  auto stage = [&, word = w.begin()](std::uint32_t constant, auto function) mutable {
    for (int step = 0; step < 20; ++step) {
      const std::uint32_t next = std::rotl(a, 5) + function() + e + constant + *word++;
      e = d;
      d = c;
      c = std::rotl(b, 30);
      b = a;
      a = next;
    }
  };
  stage(0x5a827999, [&] { return d ^ (b & (c ^ d)); });
  stage(0x6ed9eba1, [&] { return b ^ c ^ d; });
  stage(0x8f1bbcdc, [&] { return (b & c) | (d & (b | c)); });
  stage(0xca62c1d6, [&] { return b ^ c ^ d; });
  hash = {hash[0] + a, hash[1] + b, hash[2] + c, hash[3] + d, hash[4] + e};
}

}  // namespace

std::array<std::byte, 20> sha1(std::span<const std::byte> bytes) noexcept {
  hash_value hash{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  const std::uint64_t bits = std::uint64_t{bytes.size()} * 8;
  for (; bytes.size() >= block_size; bytes = bytes.subspan(block_size)) mix(hash, bytes.data());

  // The remaining bytes, a one bit, zeros, and the length in the last eight bytes (RFC 3174 section 4).
  std::array<std::byte, 2 * block_size> end{};
  std::copy(bytes.begin(), bytes.end(), end.begin());
  end[bytes.size()] = std::byte{0x80};
  const std::size_t size = bytes.size() + 9 <= block_size ? block_size : 2 * block_size;
  for (std::size_t i = 0; i < 8; ++i) end[size - 1 - i] = static_cast<std::byte>(bits >> (8 * i) & 0xff);
  for (std::size_t i = 0; i < size; i += block_size) mix(hash, end.data() + i);

  std::array<std::byte, 20> digest;
  for (std::size_t i = 0; i < digest.size(); ++i)
    digest[i] = static_cast<std::byte>(hash[i / 4] >> (24 - 8 * (i % 4)) & 0xff);
  return digest;
}

}  // namespace twinsocket::detail
