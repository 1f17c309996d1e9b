#include "codec/shortest.hpp"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace twinsocket::detail {

namespace {

// A natural number of up to 1,280 bits. The largest one here is 2^53 times 10^324 and a few bits more.
class natural {
 public:
  explicit natural(std::uint64_t value)
      : words_{static_cast<std::uint32_t>(value), static_cast<std::uint32_t>(value >> 32)} {
    size_ = words_[1] ? 2 : words_[0] ? 1 : 0;
  }

  void multiply(std::uint32_t factor) {
    std::uint64_t carry = 0;
    for (int i = 0; i < size_; ++i) {
      carry += std::uint64_t{words_[i]} * factor;
      words_[i] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    if (carry) words_[size_++] = static_cast<std::uint32_t>(carry);
  }
  void multiply_by_ten_to(int power) {
    for (; power >= 9; power -= 9) multiply(1'000'000'000);
    for (; power > 0; --power) multiply(10);
  }
  void multiply_by_two_to(int power) {
    for (; power >= 31; power -= 31) multiply(std::uint32_t{1} << 31);
    multiply(std::uint32_t{1} << power);
  }
  void add(const natural& other) {
    std::uint64_t carry = 0;
    for (int i = 0; i < std::max(size_, other.size_) || carry; ++i) {
      carry += std::uint64_t{words_[i]} + other.words_[i];
      words_[i] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
      size_ = std::max(size_, i + 1);
    }
  }
  /// Subtracts a number that is not larger.
  void subtract(const natural& other) {
    std::int64_t borrow = 0;
    for (int i = 0; i < size_; ++i) {
      borrow += std::int64_t{words_[i]} - other.words_[i];
      words_[i] = static_cast<std::uint32_t>(borrow);
      borrow >>= 32;
    }
    while (size_ && !words_[size_ - 1]) --size_;
  }
  /// Negative, zero or positive if this number is smaller than, equal to or larger than the other.
  [[nodiscard]] int compare(const natural& other) const {
    if (size_ != other.size_) return size_ - other.size_;
    for (int i = size_; i-- > 0;)
      if (words_[i] != other.words_[i]) return words_[i] < other.words_[i] ? -1 : 1;
    return 0;
  }

 private:
  std::array<std::uint32_t, 40> words_{};
  int size_ = 0;
};

// The free-format algorithm of Steele and White with the scaling of Burger and Dybvig. The number is r / s; m_below / s
// and m_above / s are half the distance to its neighbours. Digits are generated until the remainder lies within that
// distance.
decimal generate(std::uint64_t mantissa, int exponent, bool closer_below) {
  const bool even = mantissa % 2 == 0;
  natural r(mantissa), s(1), m_below(1), m_above(1);
  r.multiply(closer_below ? 4 : 2);
  s.multiply(closer_below ? 4 : 2);
  if (closer_below) m_above.multiply(2);
  if (exponent >= 0) {
    for (natural* const n : {&r, &m_below, &m_above}) n->multiply_by_two_to(exponent);
  } else {
    s.multiply_by_two_to(-exponent);
  }

  // The power of ten, estimated from the power of two: never too large, and at most one too small.
  const int binary = exponent + static_cast<int>(std::bit_width(mantissa)) - 1;
  int point = static_cast<int>(std::ceil(binary * 0.30102999566398114 - 1e-10));
  if (point >= 0) {
    s.multiply_by_ten_to(point);
  } else {
    for (natural* const n : {&r, &m_below, &m_above}) n->multiply_by_ten_to(-point);
  }
  const auto reaches_above = [&] {
    natural reach = r;
    reach.add(m_above);
    const int order = reach.compare(s);
    return even ? order >= 0 : order > 0;
  };
  if (reaches_above())
    ++point;
  else
    for (natural* const n : {&r, &m_below, &m_above}) n->multiply(10);

  decimal result{{}, 0, point};
  for (;;) {
    int digit = 0;
    for (; r.compare(s) >= 0; ++digit) r.subtract(s);
    const int below = r.compare(m_below);
    const bool low = even ? below <= 0 : below < 0;
    const bool high = reaches_above();
    if (low || high) {
      if (low && high) {
        natural twice = r;
        twice.multiply(2);
        const int half = twice.compare(s);
        digit += half > 0 || (half == 0 && digit % 2);
      } else {
        digit += high;
      }
    }
    result.digits[static_cast<std::size_t>(result.size++)] = static_cast<char>('0' + digit);
    if (low || high) return result;
    for (natural* const n : {&r, &m_below, &m_above}) n->multiply(10);
  }
}

template <class Float, class Bits>
decimal take_apart(Float value) {
  static_assert(std::numeric_limits<Float>::is_iec559 && sizeof(Float) == sizeof(Bits));
  constexpr int fraction_bits = std::numeric_limits<Float>::digits - 1;
  value = std::abs(value);
  Bits bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  if (!bits) return {{'0'}, 1, 1};
  const Bits fraction = bits & ((Bits{1} << fraction_bits) - 1);
  const int biased = static_cast<int>(bits >> fraction_bits);
  const int lowest = std::numeric_limits<Float>::min_exponent - std::numeric_limits<Float>::digits;
  if (!biased) return generate(fraction, lowest, false);
  return generate(fraction | (Bits{1} << fraction_bits), lowest + biased - 1, !fraction && biased > 1);
}

#if defined(__cpp_lib_to_chars)
template <class Float>
decimal by_to_chars(Float value) {
  // d.ddde+xx
  std::array<char, 32> text;
  const char* const end =
      std::to_chars(text.data(), text.data() + text.size(), std::abs(value), std::chars_format::scientific).ptr;
  decimal result{{}, 0, 0};
  const char* at = text.data();
  for (; *at != 'e'; ++at)
    if (*at != '.') result.digits[static_cast<std::size_t>(result.size++)] = *at;
  at += at[1] == '+' ? 2 : 1;
  std::from_chars(at, end, result.point);
  ++result.point;
  return result;
}
#endif

}  // namespace

decimal shortest_exactly(double value) noexcept { return take_apart<double, std::uint64_t>(value); }
decimal shortest_exactly(float value) noexcept { return take_apart<float, std::uint32_t>(value); }

#if defined(__cpp_lib_to_chars)
decimal shortest(double value) noexcept { return by_to_chars(value); }
decimal shortest(float value) noexcept { return by_to_chars(value); }
#else
decimal shortest(double value) noexcept { return shortest_exactly(value); }
decimal shortest(float value) noexcept { return shortest_exactly(value); }
#endif

}  // namespace twinsocket::detail
