#include <emscripten.h>

#include <utility>

#include "conversation.hpp"
#include "twinsocket/browser/spawn.hpp"

namespace {

twinsocket::task<void> run(std::vector<std::string> arguments) {
  emscripten_force_exit(co_await converse(std::move(arguments)));
}

}  // namespace

int main(int argc, char** argv) {
  twinsocket::browser::spawn(run({argv + 1, argv + argc}));
  // The task continues after main() has returned.
  emscripten_exit_with_live_runtime();
}
