#pragma once

#include <cstddef>
#include <span>

namespace twinsocket::detail {

/// True when this processor can look sixteen bytes up in a table at once.
[[nodiscard]] bool has_utf8_lookup() noexcept;

/// Checks a text that begins and ends at a character's border, sixteen bytes at a time. Only where has_utf8_lookup().
[[nodiscard]] bool check_utf8_lookup(std::span<const std::byte> text) noexcept;

}  // namespace twinsocket::detail
