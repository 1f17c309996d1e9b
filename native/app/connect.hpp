#pragma once

#include "options.hpp"

namespace twinsocket::app {

/// `twinsocket connect`: talks to a server until either side closes.
///
/// On a terminal what is sent and what comes is shown with the time and the kind, and lines are edited and kept in a
/// history where there is libedit; into a pipe goes what comes and nothing else.
///
/// Ctrl-C closes with 1000 and waits for the server, a second one cuts the connection. At the end of the input it
/// closes with 1000 too, but not before a second has passed in which nothing came: what one pipes in gets its answers.
[[nodiscard]] exit_code connect(const connect_settings& settings);

}  // namespace twinsocket::app
