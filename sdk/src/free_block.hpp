#pragma once

#include <cstddef>

namespace twinsocket::detail {

/// acquire_block(), but prefers the largest free block of this thread's pool that has at most `most` bytes.
[[nodiscard]] std::byte* acquire_free_block(std::size_t wanted, std::size_t most, std::size_t& capacity);

}  // namespace twinsocket::detail
