#pragma once

// Compression by zlib.

#include "protocol/deflate_engine.hpp"

namespace twinsocket::detail {

/// The engine for these settings, both from 1 to 9.
[[nodiscard]] const deflate_engine& zlib_engine(int level, int memory_level);

}  // namespace twinsocket::detail
