#include "protocol/utf8.hpp"

#include <array>

#include "protocol/simd.hpp"
#include "protocol/utf8_lookup.hpp"

namespace twinsocket::detail {

namespace {

// A state machine for the well-formed sequences of RFC 3629 section 4. A state is a bit offset: the row of a byte holds
// the next state at the offset of the current one, so that a step is one shift without a branch.
enum state : std::uint64_t {
  accept = 0,     // At a character boundary.
  reject = 6,     // Invalid.
  one = 12,       // One continuation byte is expected.
  two = 18,       // Two continuation bytes.
  three = 24,     // Three continuation bytes.
  after_e0 = 30,  // A0 to BF, then one more: lower values are overlong.
  after_ed = 36,  // 80 to 9F, then one more: higher values are surrogates.
  after_f0 = 42,  // 90 to BF, then two more: lower values are overlong.
  after_f4 = 48,  // 80 to 8F, then two more: higher values are above U+10FFFF.
};

constexpr state lead(unsigned byte) {
  if (byte < 0x80) return accept;
  if (byte < 0xc2) return reject;
  if (byte < 0xe0) return one;
  if (byte == 0xe0) return after_e0;
  if (byte == 0xed) return after_ed;
  if (byte < 0xf0) return two;
  if (byte == 0xf0) return after_f0;
  if (byte < 0xf4) return three;
  return byte == 0xf4 ? after_f4 : reject;
}

constexpr std::array<std::uint64_t, 256> rows = [] {
  std::array<std::uint64_t, 256> all{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    const auto within = [byte](unsigned from, unsigned to, state then) {
      return byte >= from && byte <= to ? std::uint64_t{then} : std::uint64_t{reject};
    };
    all[byte] = std::uint64_t{lead(byte)} << accept | std::uint64_t{reject} << reject |
                within(0x80, 0xbf, accept) << one | within(0x80, 0xbf, one) << two | within(0x80, 0xbf, two) << three |
                within(0xa0, 0xbf, one) << after_e0 | within(0x80, 0x9f, one) << after_ed |
                within(0x90, 0xbf, two) << after_f0 | within(0x80, 0x8f, two) << after_f4;
  }
  return all;
}();

std::uint64_t step(std::uint64_t from, std::byte byte) noexcept {
  return rows[std::to_integer<std::size_t>(byte)] >> from & 63;
}

// For at most 15 bytes. The last word may overlap the first.
bool is_short_ascii(const std::byte* at, std::size_t size) noexcept {
  if (size >= 8)
    return ((load_word<std::uint64_t>(at) | load_word<std::uint64_t>(at + size - 8)) & 0x8080808080808080) == 0;
  if (size >= 4) return ((load_word<std::uint32_t>(at) | load_word<std::uint32_t>(at + size - 4)) & 0x80808080) == 0;
  std::byte any{};
  for (std::size_t i = 0; i < size; ++i) any |= at[i];
  return any < std::byte{0x80};
}

// The end if everything is ASCII. Otherwise a position with only ASCII before it and a non-ASCII byte soon after it.
const std::byte* skip_ascii(const std::byte* at, const std::byte* end) noexcept {
  constexpr std::size_t size = sizeof(block);
  if (static_cast<std::size_t>(end - at) < size)
    return is_short_ascii(at, static_cast<std::size_t>(end - at)) ? end : at;
  for (; static_cast<std::size_t>(end - at) >= 4 * size; at += 4 * size) {
    const block first = block::load(at) | block::load(at + size);
    const block second = block::load(at + 2 * size) | block::load(at + 3 * size);
    if (!(first | second).is_ascii()) break;
  }
  for (; static_cast<std::size_t>(end - at) >= size; at += size)
    if (!block::load(at).is_ascii()) return at;
  return block::load(end - size).is_ascii() ? end : at;
}

std::uint64_t check_bytewise(std::uint64_t from, const std::byte* at, const std::byte* end) noexcept {
  while (at != end) {
    if (from == accept) at = skip_ascii(at, end);
    const std::byte* const stop = end - at < 32 ? end : at + 32;
    for (; at != stop; ++at) from = step(from, *at);
  }
  return from;
}

// The start of a character that is truncated by the end, or the end if there is none. Invalid bytes are left to the
// validation.
const std::byte* last_boundary(const std::byte* begin, const std::byte* end) noexcept {
  for (std::ptrdiff_t back = 1; back <= 3 && back <= end - begin; ++back) {
    const auto byte = std::to_integer<unsigned>(*(end - back));
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const std::ptrdiff_t length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return length > back ? end - back : end;
  }
  return end;
}

}  // namespace

bool utf8_validator::feed(std::span<const std::byte> bytes) noexcept {
  const std::byte* at = bytes.data();
  const std::byte* const end = at + bytes.size();
  std::uint64_t now = state_;
  while (now != accept && at != end) now = step(now, *at++);
  if (now == accept) {
    at = skip_ascii(at, end);
    if (end - at >= 16 && has_utf8_lookup()) {
      const std::byte* const border = last_boundary(at, end);
      if (!check_utf8_lookup({at, border})) now = reject;
      at = border;
    }
    now = check_bytewise(now, at, end);
  }
  state_ = static_cast<std::uint8_t>(now);
  return now != reject;
}

bool is_valid_utf8(std::span<const std::byte> bytes) noexcept {
  utf8_validator validator;
  return validator.feed(bytes) && validator.complete();
}

}  // namespace twinsocket::detail
