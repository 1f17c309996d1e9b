#pragma once

#include <string>

#include "server/core.hpp"

namespace twinsocket::detail {

/// The metrics of a server, summed over its threads, and of its process, in the text format of Prometheus.
[[nodiscard]] std::string metrics_text(const server_core& core);

}  // namespace twinsocket::detail
