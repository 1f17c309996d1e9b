#include "url/percent.hpp"

namespace twinsocket::detail {

void percent_encode(std::string_view text, percent_set set, std::string& out) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const std::string_view also = set == percent_set::path ? "\"#<>?^`{}" : "\"#'<>";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > ' ' && byte < 0x7f && also.find(c) == std::string_view::npos) {
      out += c;
    } else {
      out.append("%").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
    }
  }
}

std::string percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto high = text[i] == '%' && i + 2 < text.size() ? hexadecimal(text[i + 1]) : std::nullopt;
    const auto low = high ? hexadecimal(text[i + 2]) : std::nullopt;
    if (low) {
      out += static_cast<char>(*high * 16 + *low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::optional<unsigned> hexadecimal(char c) noexcept {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

}  // namespace twinsocket::detail
