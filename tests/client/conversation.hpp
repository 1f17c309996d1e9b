#pragma once

// A client session in one coroutine. The same file is compiled natively and to WebAssembly, and talks to the same echo.

#include <string>
#include <vector>

#include "twinsocket/task.hpp"

/// Speaks with the echo at arguments[0], offering the others as subprotocols, and prints what happens, a line each. The
/// result is the program's exit code.
twinsocket::task<int> converse(std::vector<std::string> arguments);
