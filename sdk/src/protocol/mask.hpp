#pragma once

// Masking of client payloads (RFC 6455 section 5.3). Masking twice gives the first bytes back.

#include <cstddef>
#include <span>

#include "protocol/frame.hpp"

namespace twinsocket::detail {

/// Masks or unmasks in place. `offset` is where in the frame's payload the bytes begin: only its last two bits count.
void apply_mask(std::span<std::byte> payload, mask_key key, std::size_t offset = 0) noexcept;

/// Writes the masked bytes of `from` to `to`, which must not overlap it.
void copy_masked(std::byte* to, std::span<const std::byte> from, mask_key key, std::size_t offset = 0) noexcept;

}  // namespace twinsocket::detail
