#pragma once

// Entry point of an Emscripten program: main() spawns a task and returns. The task continues on the event loop of the page.

#include "twinsocket/task.hpp"

namespace twinsocket::browser {

/// Starts a task on the event loop of the page, the worker or Node. Runs it until it first suspends, then returns. Call it
/// from main() or from any function that JavaScript calls.
void spawn(task<void> work);

}  // namespace twinsocket::browser
