#pragma once

// Wakes the event loop of a server from another thread or from a signal handler, to stop the server. A pipe, because write()
// is async-signal-safe; an event on Windows.

#include <boost/asio/io_context.hpp>
#include <memory>

#include "twinsocket/task.hpp"

namespace twinsocket::detail {

class wakeup_pipe {
 public:
  wakeup_pipe();
  ~wakeup_pipe();

  /// False if the system could not create it.
  [[nodiscard]] explicit operator bool() const noexcept { return ends_ != nullptr; }
  /// Ends wait(), also one that is called later. Async-signal-safe.
  void notify() noexcept;
  /// Waits for a call of notify(), on the thread of the io_context. One wait() at a time.
  [[nodiscard]] task<void> wait(boost::asio::io_context& context);
  /// Discards previous calls of notify().
  void drain() noexcept;

 private:
  struct ends;
  std::unique_ptr<ends> ends_;
};

}  // namespace twinsocket::detail
