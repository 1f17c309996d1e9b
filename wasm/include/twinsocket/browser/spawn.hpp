#pragma once

// Where a program of Emscripten's begins: main() spawns a task and returns, and the task goes on with the page's
// events.

#include "twinsocket/task.hpp"

namespace twinsocket::browser {

/// Starts a task on the event loop of the page, the worker or Node, and lets it run until it first has to wait. From
/// main() or from any function that JavaScript calls.
void spawn(task<void> work);

}  // namespace twinsocket::browser
