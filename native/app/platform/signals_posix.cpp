#include "platform/signals.hpp"

#include <csignal>

namespace twinsocket::app {

std::initializer_list<int> stop_signals() {
  static constexpr std::initializer_list<int> signals{SIGINT, SIGTERM};
  return signals;
}

std::initializer_list<int> reload_signals() {
  static constexpr std::initializer_list<int> signals{SIGHUP};
  return signals;
}

}  // namespace twinsocket::app
