#pragma once

#include <initializer_list>

namespace twinsocket::app {

/// The signals that stop the program: Ctrl-C and those that ask a process to end.
[[nodiscard]] std::initializer_list<int> stop_signals();

/// The signals that reload the certificate of a server. Empty where the system has none.
[[nodiscard]] std::initializer_list<int> reload_signals();

}  // namespace twinsocket::app
