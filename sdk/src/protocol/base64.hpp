#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace twinsocket::detail {

/// True for a character that stands for six bits (RFC 4648 section 4); the padding "=" does not.
[[nodiscard]] bool is_base64(char c) noexcept;

/// Base64 with padding (RFC 4648 section 4).
[[nodiscard]] std::string encode_base64(std::span<const std::byte> bytes);

}  // namespace twinsocket::detail
