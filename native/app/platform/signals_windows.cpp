#include "platform/signals.hpp"

#include <windows.h>

#include <csignal>

namespace twinsocket::app {

namespace {

// The C library makes signals of Ctrl-C and Ctrl-Break only. The window is closed, the user logs off, or the system shuts
// down: the process ends as soon as this function returns, or after 5 s. It has a thread of its own.
BOOL WINAPI on_console_end(DWORD event) {
  if (event != CTRL_CLOSE_EVENT && event != CTRL_LOGOFF_EVENT && event != CTRL_SHUTDOWN_EVENT) return FALSE;
  std::raise(SIGTERM);
  ::Sleep(INFINITE);
  return TRUE;
}

}  // namespace

std::initializer_list<int> stop_signals() {
  static constexpr std::initializer_list<int> signals{SIGINT, SIGTERM, SIGBREAK};
  static const BOOL watched = ::SetConsoleCtrlHandler(on_console_end, TRUE);
  static_cast<void>(watched);
  return signals;
}

// A server notices by itself that the files of its certificate have changed.
std::initializer_list<int> reload_signals() { return {}; }

}  // namespace twinsocket::app
