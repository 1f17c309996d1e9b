#pragma once

// Bytes as text by RFC 4648 section 4: the usual alphabet, with padding.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace twinsocket::detail {

[[nodiscard]] constexpr std::size_t base64_size(std::size_t bytes) noexcept { return (bytes + 2) / 3 * 4; }
/// Writes base64_size(bytes.size()) characters.
void write_base64(char* out, std::span<const std::byte> bytes) noexcept;
[[nodiscard]] std::string encode_base64(std::span<const std::byte> bytes);

/// How many bytes the text stands for; nothing when it is not base64 of this form.
[[nodiscard]] std::optional<std::size_t> bytes_in_base64(std::string_view text) noexcept;
/// Writes the bytes of a text that bytes_in_base64 has accepted.
void read_base64(std::byte* out, std::string_view text) noexcept;

}  // namespace twinsocket::detail
