#pragma once

// Blocks of 16 bytes in the baseline instruction set of each architecture: SSE2 on x86-64, NEON on AArch64, two 64-bit
// words elsewhere. Only this file selects the instruction set, so that the code on top is written once. It uses
// intrinsics because automatic vectorization of byte loops varies up to twentyfold with compiler flags.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#endif

#include "byte_order.hpp"

namespace twinsocket::detail {

/// Reads a word at any address.
template <class Word>
[[nodiscard]] Word load_word(const std::byte* from) noexcept {
  Word word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

/// The bytes at the start of a block that stand for themselves in a JSON string (RFC 8259 section 7): no quotation mark,
/// no reverse solidus, no control character.
struct plain_json {
  std::size_t size;  ///< 16 if the whole block is plain.
  bool is_ascii;     ///< All of them are below 0x80.
};

#if defined(__SSE2__)

struct block {
  __m128i value;

  static block load(const std::byte* from) noexcept {
    return {_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))};
  }
  static block repeat(std::uint32_t word) noexcept { return {_mm_set1_epi32(static_cast<int>(word))}; }
  void store(std::byte* to) const noexcept { _mm_storeu_si128(reinterpret_cast<__m128i*>(to), value); }
  /// True when all bytes are below 0x80.
  [[nodiscard]] bool is_ascii() const noexcept { return _mm_movemask_epi8(value) == 0; }
  [[nodiscard]] plain_json plain_json_prefix() const noexcept {
    const __m128i controls = _mm_cmpeq_epi8(_mm_min_epu8(value, _mm_set1_epi8(0x1f)), value);
    const __m128i quotes = _mm_cmpeq_epi8(value, _mm_set1_epi8('"'));
    const __m128i escapes = _mm_cmpeq_epi8(value, _mm_set1_epi8('\\'));
    const __m128i special = _mm_or_si128(_mm_or_si128(quotes, escapes), controls);
    const auto marks = static_cast<std::uint32_t>(_mm_movemask_epi8(special)) | 0x10000;
    const auto upper = static_cast<std::uint32_t>(_mm_movemask_epi8(value));
    return {static_cast<std::size_t>(std::countr_zero(marks)), (upper & ((marks & (0 - marks)) - 1)) == 0};
  }
  friend block operator^(block a, block b) noexcept { return {_mm_xor_si128(a.value, b.value)}; }
  friend block operator|(block a, block b) noexcept { return {_mm_or_si128(a.value, b.value)}; }
};

#elif defined(__ARM_NEON) && defined(__aarch64__)

struct block {
  uint8x16_t value;

  static block load(const std::byte* from) noexcept { return {vld1q_u8(reinterpret_cast<const std::uint8_t*>(from))}; }
  static block repeat(std::uint32_t word) noexcept { return {vreinterpretq_u8_u32(vdupq_n_u32(word))}; }
  void store(std::byte* to) const noexcept { vst1q_u8(reinterpret_cast<std::uint8_t*>(to), value); }
  /// True when all bytes are below 0x80.
  [[nodiscard]] bool is_ascii() const noexcept { return vmaxvq_u8(value) < 0x80; }
  [[nodiscard]] plain_json plain_json_prefix() const noexcept {
    // Four bits for each byte.
    const auto nibbles = [](uint8x16_t bytes) {
      return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(bytes), 4)), 0);
    };
    const uint8x16_t quotes = vceqq_u8(value, vdupq_n_u8('"'));
    const uint8x16_t escapes = vceqq_u8(value, vdupq_n_u8('\\'));
    const std::uint64_t marks = nibbles(vorrq_u8(vorrq_u8(quotes, escapes), vcltq_u8(value, vdupq_n_u8(0x20))));
    const std::uint64_t upper = nibbles(vcgeq_u8(value, vdupq_n_u8(0x80)));
    return {static_cast<std::size_t>(std::countr_zero(marks)) / 4, (upper & ((marks & (0 - marks)) - 1)) == 0};
  }
  friend block operator^(block a, block b) noexcept { return {veorq_u8(a.value, b.value)}; }
  friend block operator|(block a, block b) noexcept { return {vorrq_u8(a.value, b.value)}; }
};

#else

struct block {
  std::uint64_t low, high;

  static block load(const std::byte* from) noexcept {
    block b;
    std::memcpy(&b.low, from, 8);
    std::memcpy(&b.high, from + 8, 8);
    return b;
  }
  static block repeat(std::uint32_t word) noexcept {
    const std::uint64_t twice = std::uint64_t{word} << 32 | word;
    return {twice, twice};
  }
  void store(std::byte* to) const noexcept {
    std::memcpy(to, &low, 8);
    std::memcpy(to + 8, &high, 8);
  }
  /// True when all bytes are below 0x80.
  [[nodiscard]] bool is_ascii() const noexcept { return ((low | high) & each * 0x80) == 0; }
  [[nodiscard]] plain_json plain_json_prefix() const noexcept {
    const std::uint64_t word = lowest_byte_first(low), next = lowest_byte_first(high);
    const auto below = [](std::uint64_t marks) { return ((marks & (0 - marks)) - 1) & each * 0x80; };
    if (const std::uint64_t marks = marks_of(word))
      return {static_cast<std::size_t>(std::countr_zero(marks)) / 8, (word & below(marks)) == 0};
    const std::uint64_t marks = marks_of(next);
    return {8 + static_cast<std::size_t>(std::countr_zero(marks)) / 8,
            ((word & each * 0x80) | (next & below(marks))) == 0};
  }
  friend block operator^(block a, block b) noexcept { return {a.low ^ b.low, a.high ^ b.high}; }
  friend block operator|(block a, block b) noexcept { return {a.low | b.low, a.high | b.high}; }

 private:
  /// A number times this is that number in each byte.
  static constexpr std::uint64_t each = 0x0101010101010101;
  /// Sets the upper bit of each byte that is special in a JSON string. After the first one others may be set by mistake.
  static constexpr std::uint64_t marks_of(std::uint64_t word) noexcept {
    const auto zeros = [](std::uint64_t bytes) { return (bytes - each) & ~bytes; };
    const std::uint64_t controls = (word - each * 0x20) & ~word;
    return (zeros(word ^ each * '"') | zeros(word ^ each * '\\') | controls) & each * 0x80;
  }
};

#endif

}  // namespace twinsocket::detail
