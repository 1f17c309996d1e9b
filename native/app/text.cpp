#include "text.hpp"

#include <cstdint>

namespace twinsocket::app {

namespace {

void append_hex(std::string& out, unsigned octet) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += digits[octet >> 4];
  out += digits[octet & 15];
}

}  // namespace

std::string escape_control(std::string_view text, std::string_view kept) {
  std::string shown;
  shown.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned octet = static_cast<unsigned char>(text[i]);
    const unsigned next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    // U+0080 to U+009F are control characters too; in UTF-8 they are C2 80 to C2 9F.
    const bool second_set = octet == 0xc2 && next >= 0x80 && next <= 0x9f;
    if (second_set || ((octet < 0x20 || octet == 0x7f) && kept.find(text[i]) == std::string_view::npos)) {
      shown += "\\x";
      append_hex(shown, second_set ? next : octet);
      i += second_set ? 1 : 0;
    } else {
      shown += text[i];
    }
  }
  return shown;
}

std::string hex(std::span<const std::byte> bytes) {
  std::string shown;
  shown.reserve(bytes.size() * 3);
  for (const std::byte b : bytes) {
    if (!shown.empty()) shown += ' ';
    append_hex(shown, std::to_integer<unsigned>(b));
  }
  return shown;
}

}  // namespace twinsocket::app
