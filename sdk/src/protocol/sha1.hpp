#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace twinsocket::detail {

/// SHA-1 (RFC 3174). It proves in the opening handshake that the peer speaks WebSocket and protects nothing.
[[nodiscard]] std::array<std::byte, 20> sha1(std::span<const std::byte> bytes) noexcept;

}  // namespace twinsocket::detail
