#pragma once

// A client session in one coroutine. The same file is compiled natively and to WebAssembly, and talks to the same echo
// server.

#include <string>
#include <vector>

#include "twinsocket/task.hpp"

/// Talks to the echo server at arguments[0], with the other arguments as offered subprotocols. Prints one line per
/// event. The result is the program's exit code.
twinsocket::task<int> converse(std::vector<std::string> arguments);
