#include "protocol/base64.hpp"

#include <array>
#include <cstdint>

namespace twinsocket::detail {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint8_t none = 64;
constexpr std::array<std::uint8_t, 256> values = [] {
  std::array<std::uint8_t, 256> made{};
  made.fill(none);
  for (std::uint8_t i = 0; i < 64; ++i) made[static_cast<unsigned char>(alphabet[i])] = i;
  return made;
}();

std::uint32_t value_of(char c) { return values[static_cast<unsigned char>(c)]; }

std::size_t padding_of(std::string_view text) { return text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0; }

}  // namespace

void write_base64(char* out, std::span<const std::byte> bytes) noexcept {
  const auto at = [bytes](std::size_t i) { return i < bytes.size() ? std::to_integer<std::uint32_t>(bytes[i]) : 0; };
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::uint32_t group = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    *out++ = alphabet[group >> 18];
    *out++ = alphabet[group >> 12 & 63];
    *out++ = i + 1 < bytes.size() ? alphabet[group >> 6 & 63] : '=';
    *out++ = i + 2 < bytes.size() ? alphabet[group & 63] : '=';
  }
}

std::string encode_base64(std::span<const std::byte> bytes) {
  std::string text(base64_size(bytes.size()), '\0');
  write_base64(text.data(), bytes);
  return text;
}

std::optional<std::size_t> decoded_base64_size(std::string_view text) noexcept {
  if (text.size() % 4) return std::nullopt;
  const std::size_t padding = padding_of(text);
  for (const char c : text.substr(0, text.size() - padding))
    if (value_of(c) == none) return std::nullopt;
  return text.size() / 4 * 3 - padding;
}

void decode_base64(std::byte* out, std::string_view text) noexcept {
  const std::size_t padding = padding_of(text);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const std::size_t skipped = i + 4 == text.size() ? padding : 0;
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 4; ++j) group = group << 6 | (text[i + j] == '=' ? 0 : value_of(text[i + j]));
    *out++ = static_cast<std::byte>(group >> 16);
    if (skipped < 2) *out++ = static_cast<std::byte>(group >> 8 & 255);
    if (skipped < 1) *out++ = static_cast<std::byte>(group & 255);
  }
}

}  // namespace twinsocket::detail
