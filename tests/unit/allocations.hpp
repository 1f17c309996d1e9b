#pragma once

#include <cstddef>

/// How often this program has asked the heap for memory so far, by new or by malloc; compare two values.
[[nodiscard]] std::size_t allocations() noexcept;

/// How many bytes it has copied so far by calls of memcpy and memmove: all but short copies of a size that is known when
/// it is compiled.
[[nodiscard]] std::size_t copied_bytes() noexcept;
