#pragma once

#include "options.hpp"

namespace twinsocket::app {

/// `twinsocket serve`: prints its addresses, then serves until SIGINT or SIGTERM.
[[nodiscard]] exit_code serve(serve_settings settings);

}  // namespace twinsocket::app
