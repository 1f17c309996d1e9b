#pragma once

// How another thread, or a signal handler, wakes a server that is to stop: writing to a pipe is all that is allowed
// there.

#include "server/file_handle.hpp"

namespace twinsocket::detail {

class stop_pipe {
 public:
  stop_pipe();

  /// False where the system had no pipe left.
  [[nodiscard]] explicit operator bool() const noexcept { return static_cast<bool>(in_); }
  void pull() noexcept;
  /// Readable once pull() was called.
  [[nodiscard]] int readable() const noexcept { return out_.number(); }
  /// Forgets the calls of pull().
  void drain() noexcept;

 private:
  file_handle out_;
  file_handle in_;
};

}  // namespace twinsocket::detail
