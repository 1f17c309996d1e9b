#pragma once

// Masks client payloads (RFC 6455 section 5.3). Masking twice restores the bytes.

#include <cstddef>
#include <span>

#include "protocol/frame.hpp"

namespace twinsocket::detail {

/// Masks or unmasks in place. `offset` is the position of the bytes in the frame's payload, modulo 4.
void apply_mask(std::span<std::byte> payload, mask_key key, std::size_t offset = 0) noexcept;

/// Writes the masked bytes of `from` to `to`. They must not overlap.
void copy_masked(std::byte* to, std::span<const std::byte> from, mask_key key, std::size_t offset = 0) noexcept;

}  // namespace twinsocket::detail
