#pragma once

// Decodes UTF-8 character by character (RFC 3629), for code that has to inspect every character.

#include <cstddef>
#include <string>
#include <string_view>

namespace twinsocket::detail {

struct character {
  char32_t value = 0;
  std::size_t size = 0;  ///< In bytes; 0 if there is no valid character.
};

/// The first character of a text, which must not be empty.
[[nodiscard]] constexpr character first_character(std::string_view text) noexcept {
  const auto byte = [text](std::size_t i) -> char32_t {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : char32_t{0};
  };
  const auto follows = [byte](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const char32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  if (lead >= 0xC2 && lead <= 0xDF && follows(1)) return {(lead & 0x1F) << 6 | (byte(1) & 0x3F), 2};
  if (lead >= 0xE0 && lead <= 0xEF && follows(1) && follows(2)) {
    const char32_t value = (lead & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
    if (value >= 0x800 && (value < 0xD800 || value > 0xDFFF)) return {value, 3};
  }
  if (lead >= 0xF0 && lead <= 0xF4 && follows(1) && follows(2) && follows(3)) {
    const char32_t value = (lead & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
    if (value >= 0x10000 && value <= 0x10FFFF) return {value, 4};
  }
  return {};
}

/// Appends a character, which must not be a surrogate.
inline void append_character(std::string& text, char32_t c) {
  const auto put = [&text](char32_t byte) { text.push_back(static_cast<char>(byte)); };
  if (c < 0x80) return put(c);
  if (c < 0x800) return put(0xC0 | c >> 6), put(0x80 | (c & 0x3F));
  if (c < 0x10000) {
    put(0xE0 | c >> 12);
  } else {
    put(0xF0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3F));
  }
  put(0x80 | (c >> 6 & 0x3F));
  put(0x80 | (c & 0x3F));
}

/// The production Char of XML 1.0, section 2.2.
[[nodiscard]] constexpr bool is_xml_character(char32_t c) noexcept {
  return c == 0x9 || c == 0xA || c == 0xD || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) ||
         (c >= 0x10000 && c <= 0x10FFFF);
}

/// The production NameStartChar of XML 1.0, section 2.3.
[[nodiscard]] constexpr bool starts_xml_name(char32_t c) noexcept {
  const auto within = [c](char32_t first, char32_t last) { return c >= first && c <= last; };
  if (c < 0x80) return within('a', 'z') || within('A', 'Z') || c == '_' || c == ':';
  return within(0xC0, 0x2FF) ? c != 0xD7 && c != 0xF7
         : within(0x370, 0x1FFF)
             ? c != 0x37E
             : within(0x200C, 0x200D) || within(0x2070, 0x218F) || within(0x2C00, 0x2FEF) || within(0x3001, 0xD7FF) ||
                   within(0xF900, 0xFDCF) || within(0xFDF0, 0xFFFD) || within(0x10000, 0xEFFFF);
}
/// The production NameChar of XML 1.0, section 2.3.
[[nodiscard]] constexpr bool continues_xml_name(char32_t c) noexcept {
  return starts_xml_name(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == 0xB7 ||
         (c >= 0x300 && c <= 0x36F) || c == 0x203F || c == 0x2040;
}

}  // namespace twinsocket::detail
