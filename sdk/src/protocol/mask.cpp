#include "protocol/mask.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

#include "protocol/simd.hpp"

namespace twinsocket::detail {

namespace {

// The key in memory order, rotated to `offset`: byte i of the word masks byte i of the payload.
std::uint32_t rotated_key(std::uint32_t key, std::size_t offset) noexcept {
  const int bits = static_cast<int>(8 * (offset % 4));
  return std::endian::native == std::endian::little ? std::rotr(key, bits) : std::rotl(key, bits);
}

template <class Word>
void store(std::byte* to, Word word) noexcept {
  std::memcpy(to, &word, sizeof word);
}

std::uint64_t twice(std::uint32_t key) noexcept { return std::uint64_t{key} << 32 | key; }

// `to` is `from` or does not overlap it. The last bytes are handled as one whole unit that may overlap the one before. It
// is loaded before anything is stored, so that this works in place.
void mask_bytes(std::byte* to, const std::byte* from, std::size_t size, std::uint32_t key) noexcept {
  if (size >= sizeof(block)) {
    const block wide = block::repeat(key);
    const std::size_t rest = size - sizeof(block);
    const block last = block::load(from + rest) ^ block::repeat(rotated_key(key, rest));
    std::size_t i = 0;
    for (; i + 4 * sizeof(block) <= size; i += 4 * sizeof(block)) {
      const block a = block::load(from + i) ^ wide;
      const block b = block::load(from + i + sizeof(block)) ^ wide;
      const block c = block::load(from + i + 2 * sizeof(block)) ^ wide;
      const block d = block::load(from + i + 3 * sizeof(block)) ^ wide;
      a.store(to + i);
      b.store(to + i + sizeof(block));
      c.store(to + i + 2 * sizeof(block));
      d.store(to + i + 3 * sizeof(block));
    }
    for (; i < rest; i += sizeof(block)) (block::load(from + i) ^ wide).store(to + i);
    last.store(to + rest);
  } else if (size >= 8) {
    const auto first = load_word<std::uint64_t>(from) ^ twice(key);
    const auto last = load_word<std::uint64_t>(from + size - 8) ^ twice(rotated_key(key, size));
    store(to, first);
    store(to + size - 8, last);
  } else if (size >= 4) {
    const auto first = load_word<std::uint32_t>(from) ^ key;
    const auto last = load_word<std::uint32_t>(from + size - 4) ^ rotated_key(key, size);
    store(to, first);
    store(to + size - 4, last);
  } else {
    mask_key bytes;
    store(bytes.data(), key);
    for (std::size_t i = 0; i < size; ++i) to[i] = from[i] ^ bytes[i];
  }
}

}  // namespace

void apply_mask(std::span<std::byte> payload, mask_key key, std::size_t offset) noexcept {
  mask_bytes(payload.data(), payload.data(), payload.size(), rotated_key(load_word<std::uint32_t>(key.data()), offset));
}

void copy_masked(std::byte* to, std::span<const std::byte> from, mask_key key, std::size_t offset) noexcept {
  mask_bytes(to, from.data(), from.size(), rotated_key(load_word<std::uint32_t>(key.data()), offset));
}

}  // namespace twinsocket::detail
