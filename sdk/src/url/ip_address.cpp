#include "url/ip_address.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "url/percent.hpp"

namespace twinsocket::detail {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The IPv4 number parser for text in lower case. Values above 2^32 are returned as 2^32.
std::optional<std::uint64_t> ipv4_number(std::string_view text) {
  if (text.empty()) return std::nullopt;
  unsigned base = 10;
  if (text.size() >= 2 && text[0] == '0') {
    const bool is_hexadecimal = text[1] == 'x';
    text.remove_prefix(is_hexadecimal ? 2 : 1);
    base = is_hexadecimal ? 16 : 8;
  }
  std::uint64_t value = 0;
  for (const char c : text) {
    const auto digit = hexadecimal(c);
    if (!digit || *digit >= base) return std::nullopt;
    value = std::min(value * base + *digit, std::uint64_t{1} << 32);
  }
  return value;
}

/// Parses the eight pieces of an address from left to right.
class ipv6_reader {
 public:
  explicit ipv6_reader(std::string_view text) : rest_(text) {}

  [[nodiscard]] std::optional<std::array<std::uint16_t, 8>> read() {
    if (rest_.starts_with(':')) {
      if (!rest_.starts_with("::")) return std::nullopt;
      rest_.remove_prefix(1);
    }
    while (!rest_.empty()) {
      if (count_ == 8) return std::nullopt;
      if (rest_.starts_with(':')) {
        if (!compress()) return std::nullopt;
        continue;
      }
      if (!piece()) return std::nullopt;
    }
    if (!compressed_) return count_ == 8 ? std::optional(pieces_) : std::nullopt;
    std::rotate(pieces_.begin() + static_cast<std::ptrdiff_t>(*compressed_),
                pieces_.begin() + static_cast<std::ptrdiff_t>(count_), pieces_.end());
    return pieces_;
  }

 private:
  // At the second of two colons.
  bool compress() {
    if (compressed_) return false;
    rest_.remove_prefix(1);
    // "::" stands for at least one piece.
    compressed_ = ++count_;
    return true;
  }

  bool piece() {
    unsigned value = 0;
    std::size_t length = 0;
    while (length < 4 && length < rest_.size()) {
      const auto digit = hexadecimal(rest_[length]);
      if (!digit) break;
      value = value * 16 + *digit;
      ++length;
    }
    const std::string_view after = rest_.substr(length);
    if (after.starts_with('.')) return length != 0 && ipv4_part();
    if (length == 0) return false;
    rest_ = after;
    pieces_[count_++] = static_cast<std::uint16_t>(value);
    if (rest_.empty()) return true;
    if (!rest_.starts_with(':')) return false;
    rest_.remove_prefix(1);
    return !rest_.empty();
  }

  // The last 32 bits in decimal, without leading zeros.
  bool ipv4_part() {
    if (count_ > 6) return false;
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) {
      if (i != 0) {
        if (!rest_.starts_with('.')) return false;
        rest_.remove_prefix(1);
      }
      const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_digit);
      const auto length = static_cast<std::size_t>(end - rest_.begin());
      if (length == 0 || length > 3 || (length > 1 && rest_[0] == '0')) return false;
      unsigned byte = 0;
      std::from_chars(rest_.data(), rest_.data() + length, byte);
      if (byte > 255) return false;
      value = value << 8 | byte;
      rest_.remove_prefix(length);
    }
    if (!rest_.empty()) return false;
    pieces_[count_++] = static_cast<std::uint16_t>(value >> 16);
    pieces_[count_++] = static_cast<std::uint16_t>(value);
    return true;
  }

  std::string_view rest_;
  std::array<std::uint16_t, 8> pieces_{};
  std::size_t count_ = 0;
  std::optional<std::size_t> compressed_;
};

struct zeros {
  std::size_t first = 0;
  std::size_t count = 1;
};

// The longest run of zero pieces, the first of several. A single zero piece is not compressed (RFC 5952 section 4.2).
zeros longest_zeros(const std::array<std::uint16_t, 8>& pieces) {
  zeros longest{8, 1};
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t end = i;
    while (end < 8 && pieces[end] == 0) ++end;
    if (end - i > longest.count) longest = {i, end - i};
    if (end > i) i = end - 1;
  }
  return longest;
}

}  // namespace

bool ends_in_number(std::string_view host) noexcept {
  if (host.ends_with('.')) host.remove_suffix(1);
  const std::string_view last = host.substr(host.rfind('.') + 1);
  if (last.empty()) return false;
  return std::all_of(last.begin(), last.end(), is_digit) || ipv4_number(last).has_value();
}

std::optional<std::string> normalize_ipv4(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  std::uint64_t value = 0;
  for (unsigned part = 0;; ++part) {
    const std::size_t dot = text.find('.');
    const auto number = ipv4_number(text.substr(0, dot));
    if (!number || part == 4) return std::nullopt;
    if (dot == std::string_view::npos) {
      // The last part fills the remaining bytes.
      const unsigned bits = 8 * (4 - part);
      if (*number >= std::uint64_t{1} << bits) return std::nullopt;
      value = value << bits | *number;
      break;
    }
    if (*number > 255) return std::nullopt;
    value = value << 8 | *number;
    text.remove_prefix(dot + 1);
  }
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8)
    out.append(out.empty() ? "" : ".").append(std::to_string(value >> shift & 255));
  return out;
}

std::optional<std::string> normalize_ipv6(std::string_view text) {
  const auto pieces = ipv6_reader(text).read();
  if (!pieces) return std::nullopt;
  const zeros longest = longest_zeros(*pieces);
  std::string out;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == longest.first) {
      out += "::";
      i += longest.count - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    std::array<char, 4> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), (*pieces)[i], 16);
    out.append(digits.data(), end.ptr);
  }
  return out;
}

}  // namespace twinsocket::detail
