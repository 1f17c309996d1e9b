#pragma once

#include <cstddef>

/// How often this program has asked the heap for memory so far, by new or by malloc; compare two values.
[[nodiscard]] std::size_t allocations() noexcept;
