#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace twinsocket::detail {

/// SHA-1 (RFC 3174). The opening handshake uses it to check that the peer speaks WebSocket, not for security.
[[nodiscard]] std::array<std::byte, 20> sha1(std::span<const std::byte> bytes) noexcept;

}  // namespace twinsocket::detail
