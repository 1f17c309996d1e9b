#pragma once

#include <string>

#include "server/core.hpp"

namespace twinsocket::detail {

/// All that a server counts, added up over its threads, and what the operating system says about its process.
[[nodiscard]] std::string metrics_text(const server_core& core);

}  // namespace twinsocket::detail
