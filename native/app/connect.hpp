#pragma once

#include "options.hpp"

namespace twinsocket::app {

/// `twinsocket connect`: exchanges messages with a server until either side closes.
///
/// On a terminal, sent and received messages are shown with time and kind, and with libedit lines can be edited and have a
/// history. On a pipe, only received messages are written.
///
/// The first Ctrl-C closes with 1000 and waits for the server; a second one drops the connection. At the end of the input
/// it also closes with 1000, once no message has arrived for one second, so that piped input gets its replies.
[[nodiscard]] exit_code connect(const connect_settings& settings);

}  // namespace twinsocket::app
