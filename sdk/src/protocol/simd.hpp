#pragma once

// Blocks of 16 bytes in the baseline instruction set of each architecture: SSE2 on x86-64, NEON on AArch64, two 64-bit
// words elsewhere. Only this file selects the instruction set, so that the code on top is written once. It uses
// intrinsics because automatic vectorization of byte loops varies up to twentyfold with compiler flags.

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace twinsocket::detail {

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
  [[nodiscard]] bool is_ascii() const noexcept { return ((low | high) & 0x8080808080808080) == 0; }
  friend block operator^(block a, block b) noexcept { return {a.low ^ b.low, a.high ^ b.high}; }
  friend block operator|(block a, block b) noexcept { return {a.low | b.low, a.high | b.high}; }
};

#endif

}  // namespace twinsocket::detail
