#pragma once

#include <cstddef>
#include <span>

namespace twinsocket::detail {

/// True if this processor can look up 16 bytes in a table at once.
[[nodiscard]] bool has_utf8_lookup() noexcept;

/// Validates a text that starts and ends at character boundaries, 16 bytes at a time. Requires has_utf8_lookup().
[[nodiscard]] bool check_utf8_lookup(std::span<const std::byte> text) noexcept;

}  // namespace twinsocket::detail
