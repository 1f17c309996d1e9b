#pragma once

// The DEFLATE engine on zlib.

#include "protocol/deflate_engine.hpp"

namespace twinsocket::detail {

/// The engine for these settings. Both range from 1 to 9. Lives for ever.
[[nodiscard]] const deflate_engine& zlib_engine(int level, int memory_level);

}  // namespace twinsocket::detail
