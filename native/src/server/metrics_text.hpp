#pragma once

#include <string>

#include "server/server_context.hpp"

namespace twinsocket::detail {

/// The metrics of a server, summed over its threads, and of its process, in the text format of Prometheus.
[[nodiscard]] std::string metrics_text(const server_context& server);

}  // namespace twinsocket::detail
