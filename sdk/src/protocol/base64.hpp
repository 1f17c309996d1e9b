#pragma once

// Base64 (RFC 4648 section 4): the standard alphabet, with padding.

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

/// The number of decoded bytes. Empty if the text is not valid base64 of this form.
[[nodiscard]] std::optional<std::size_t> decoded_base64_size(std::string_view text) noexcept;
/// Writes the decoded bytes. decoded_base64_size() must have accepted the text.
void decode_base64(std::byte* out, std::string_view text) noexcept;

}  // namespace twinsocket::detail
