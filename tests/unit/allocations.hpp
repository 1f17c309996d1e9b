#pragma once

#include <cstddef>

/// The number of heap allocations of this program so far, by new and by malloc. Compare two values.
[[nodiscard]] std::size_t allocations() noexcept;

/// The number of bytes copied so far by calls of memcpy and memmove. Short copies of a size known at compile time are
/// not counted.
[[nodiscard]] std::size_t copied_bytes() noexcept;
