#pragma once

// Wakes the event loop of a server from another thread or from a signal handler, to stop the server. A pipe, because write()
// is async-signal-safe.

#include <boost/asio/io_context.hpp>

#include "platform/unique_fd.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {

class wakeup_pipe {
 public:
  wakeup_pipe();

  /// False if the pipe could not be created.
  [[nodiscard]] explicit operator bool() const noexcept { return static_cast<bool>(write_end_); }
  /// Makes the pipe readable. Async-signal-safe.
  void notify() noexcept;
  /// Waits for a call of notify(), on the thread of the io_context. One wait() at a time.
  [[nodiscard]] task<void> wait(boost::asio::io_context& context);
  /// Discards previous calls of notify().
  void drain() noexcept;

 private:
  unique_fd read_end_;
  unique_fd write_end_;
};

}  // namespace twinsocket::detail
