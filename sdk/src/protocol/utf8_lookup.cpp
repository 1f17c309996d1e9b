#include "protocol/utf8_lookup.hpp"

#include <array>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__) && (defined(__GNUC__) || defined(__clang__))
#include <tmmintrin.h>
#define TWINSOCKET_UTF8_LOOKUP
// The table lookup needs SSSE3, which not every x86-64 processor has. Only these functions are compiled for it; they are
// called only if the processor supports it.
#define TWINSOCKET_LOOKUP_TARGET __attribute__((target("ssse3")))
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#define TWINSOCKET_UTF8_LOOKUP
#define TWINSOCKET_LOOKUP_TARGET
#endif

namespace twinsocket::detail {

#if defined(TWINSOCKET_UTF8_LOOKUP)

namespace {

// The algorithm of Keiser and Lemire ("Validating UTF-8 In Less Than One Instruction Per Byte"). Whether two adjacent
// bytes may follow each other depends on both halves of the first and the upper half of the second. Each half selects a
// set of rules in a table of 16 entries. A rule that is in all three sets is violated.
struct rule {
  std::uint16_t first_upper, first_lower, second_upper;  // The half-bytes that together violate the rule, as bit sets.
};

constexpr std::uint16_t halves(unsigned from, unsigned to) {
  return static_cast<std::uint16_t>((0xffffu >> (15 - to)) & (0xffffu << from));
}
constexpr std::uint16_t any = halves(0x0, 0xf);
constexpr std::uint16_t trailing = halves(0x8, 0xb);

constexpr std::array<rule, 8> rules{{
    {halves(0xc, 0xf), any, any & ~trailing},                // A leading byte without a continuation byte.
    {halves(0x0, 0x7), any, trailing},                       // A continuation byte after ASCII.
    {halves(0xc, 0xc), halves(0x0, 0x1), trailing},          // Overlong: C0 and C1.
    {halves(0xe, 0xe), halves(0x0, 0x0), halves(0x8, 0x9)},  // Overlong: E0 80 to E0 9F.
    {halves(0xe, 0xe), halves(0xd, 0xd), halves(0xa, 0xb)},  // Surrogates: ED A0 to ED BF.
    {halves(0xf, 0xf), halves(0x4, 0xf), halves(0x9, 0xb)},  // Above U+10FFFF: from F4 90 on.
    {halves(0xf, 0xf), halves(0x5, 0xf) | halves(0x0, 0x0),
     halves(0x8, 0x8)},  // From F5 80 on; overlong: F0 80 to F0 8F.
    // Two continuation bytes in a row. This is valid if the second or third byte before leads three or four bytes. The
    // rule has the highest bit, which is where that condition is computed; an exclusive or combines both.
    {trailing, any, trailing},
}};

using table = std::array<std::uint8_t, 16>;

constexpr table make_table(std::uint16_t rule::*part) {
  table sets{};
  for (unsigned half = 0; half < 16; ++half)
    for (unsigned i = 0; i < rules.size(); ++i)
      if (rules[i].*part >> half & 1) sets[half] = static_cast<std::uint8_t>(sets[half] | 1u << i);
  return sets;
}

constexpr table first_upper = make_table(&rule::first_upper);
constexpr table first_lower = make_table(&rule::first_lower);
constexpr table second_upper = make_table(&rule::second_upper);
// A byte above its entry leads a character that continues after the block. Only the last three bytes matter.
constexpr table largest_at_end{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0xef, 0xdf, 0xbf};

#if defined(__SSE2__)
using bytes = __m128i;
#define TWINSOCKET_INLINE TWINSOCKET_LOOKUP_TARGET inline __attribute__((always_inline))
TWINSOCKET_INLINE bytes load(const void* from) noexcept { return _mm_loadu_si128(static_cast<const __m128i*>(from)); }
TWINSOCKET_INLINE bytes either(bytes a, bytes b) noexcept { return _mm_or_si128(a, b); }
TWINSOCKET_INLINE bytes both(bytes a, bytes b) noexcept { return _mm_and_si128(a, b); }
TWINSOCKET_INLINE bytes differ(bytes a, bytes b) noexcept { return _mm_xor_si128(a, b); }
TWINSOCKET_INLINE bytes all(std::uint8_t value) noexcept { return _mm_set1_epi8(static_cast<char>(value)); }
TWINSOCKET_INLINE bytes excess(bytes a, bytes b) noexcept { return _mm_subs_epu8(a, b); }
TWINSOCKET_INLINE bytes upper(bytes a) noexcept { return both(_mm_srli_epi16(a, 4), all(0x0f)); }
TWINSOCKET_INLINE bytes look_up(bytes sets, bytes half) noexcept { return _mm_shuffle_epi8(sets, half); }
template <int N>
TWINSOCKET_INLINE bytes before(bytes now, bytes previous) noexcept {
  return _mm_alignr_epi8(now, previous, 16 - N);
}
TWINSOCKET_INLINE bool is_ascii(bytes a) noexcept { return _mm_movemask_epi8(a) == 0; }
TWINSOCKET_INLINE bool is_zero(bytes a) noexcept { return _mm_movemask_epi8(_mm_cmpeq_epi8(a, all(0))) == 0xffff; }
#else
using bytes = uint8x16_t;
#define TWINSOCKET_INLINE inline __attribute__((always_inline))
TWINSOCKET_INLINE bytes load(const void* from) noexcept { return vld1q_u8(static_cast<const std::uint8_t*>(from)); }
TWINSOCKET_INLINE bytes either(bytes a, bytes b) noexcept { return vorrq_u8(a, b); }
TWINSOCKET_INLINE bytes both(bytes a, bytes b) noexcept { return vandq_u8(a, b); }
TWINSOCKET_INLINE bytes differ(bytes a, bytes b) noexcept { return veorq_u8(a, b); }
TWINSOCKET_INLINE bytes all(std::uint8_t value) noexcept { return vdupq_n_u8(value); }
TWINSOCKET_INLINE bytes excess(bytes a, bytes b) noexcept { return vqsubq_u8(a, b); }
TWINSOCKET_INLINE bytes upper(bytes a) noexcept { return vshrq_n_u8(a, 4); }
TWINSOCKET_INLINE bytes look_up(bytes sets, bytes half) noexcept { return vqtbl1q_u8(sets, half); }
template <int N>
TWINSOCKET_INLINE bytes before(bytes now, bytes previous) noexcept {
  return vextq_u8(previous, now, 16 - N);
}
TWINSOCKET_INLINE bool is_ascii(bytes a) noexcept { return vmaxvq_u8(a) < 0x80; }
TWINSOCKET_INLINE bool is_zero(bytes a) noexcept { return vmaxvq_u8(a) == 0; }
#endif

// Nonzero where a byte must not follow the ones before it.
TWINSOCKET_INLINE bytes broken_rules(bytes now, bytes previous) noexcept {
  const bytes one = before<1>(now, previous);
  const bytes pair =
      both(both(look_up(load(first_upper.data()), upper(one)), look_up(load(first_lower.data()), both(one, all(0x0f)))),
           look_up(load(second_upper.data()), upper(now)));
  const bytes third = excess(before<2>(now, previous), all(0xe0 - 0x80));
  const bytes fourth = excess(before<3>(now, previous), all(0xf0 - 0x80));
  return differ(both(either(third, fourth), all(0x80)), pair);
}

}  // namespace

TWINSOCKET_LOOKUP_TARGET bool check_utf8_lookup(std::span<const std::byte> text) noexcept {
  bytes broken = all(0);
  bytes previous = all(0);
  const std::byte* at = text.data();
  std::size_t left = text.size();
  for (; left >= 64; at += 64, left -= 64) {
    const bytes a = load(at);
    const bytes b = load(at + 16);
    const bytes c = load(at + 32);
    const bytes d = load(at + 48);
    if (is_ascii(either(either(a, b), either(c, d)))) {
      broken = either(broken, excess(previous, load(largest_at_end.data())));
    } else {
      broken = either(broken, either(either(broken_rules(a, previous), broken_rules(b, a)),
                                     either(broken_rules(c, b), broken_rules(d, c))));
    }
    previous = d;
  }
  for (; left >= 16; at += 16, left -= 16) {
    const bytes now = load(at);
    broken = either(broken, broken_rules(now, previous));
    previous = now;
  }
  // Padding with zeros, even if no bytes are left, reveals a truncated last character.
  std::array<std::byte, 16> end{};
  if (left > 0) std::memcpy(end.data(), at, left);
  return is_zero(either(broken, broken_rules(load(end.data()), previous)));
}

bool has_utf8_lookup() noexcept {
#if defined(__SSE2__)
  return __builtin_cpu_supports("ssse3");
#else
  return true;
#endif
}

#else

bool has_utf8_lookup() noexcept { return false; }
bool check_utf8_lookup(std::span<const std::byte>) noexcept { return false; }

#endif

}  // namespace twinsocket::detail
