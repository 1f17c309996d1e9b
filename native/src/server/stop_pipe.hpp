#pragma once

// Wakes the event loop of a server from another thread or from a signal handler, to stop the server. A pipe, because write()
// is async-signal-safe.

#include "server/file_handle.hpp"

namespace twinsocket::detail {

class stop_pipe {
 public:
  stop_pipe();

  /// False if the pipe could not be created.
  [[nodiscard]] explicit operator bool() const noexcept { return static_cast<bool>(in_); }
  /// Makes the pipe readable. Async-signal-safe.
  void pull() noexcept;
  /// The descriptor that becomes readable after pull().
  [[nodiscard]] int readable() const noexcept { return out_.number(); }
  /// Discards previous calls of pull().
  void drain() noexcept;

 private:
  file_handle out_;
  file_handle in_;
};

}  // namespace twinsocket::detail
