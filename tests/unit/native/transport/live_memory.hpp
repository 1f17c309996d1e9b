#pragma once

#include <cstddef>

/// The bytes of heap blocks that are allocated now, by new and by malloc. Shared libraries are not counted.
[[nodiscard]] std::size_t live_bytes() noexcept;
