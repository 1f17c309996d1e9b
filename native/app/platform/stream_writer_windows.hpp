#pragma once

#include <windows.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>

#include "twinsocket/async_event.hpp"

namespace twinsocket::app {

/// Writes to a standard stream on a thread of its own, because Windows cannot tell whether a write would block. It has room
/// for one text. All functions may be called from any thread.
class stream_writer {
 public:
  explicit stream_writer(HANDLE stream) noexcept : stream_(stream) {}
  stream_writer(const stream_writer&) = delete;
  stream_writer& operator=(const stream_writer&) = delete;

  /// Waits until the last text is written or has failed. False if that takes longer.
  [[nodiscard]] bool wait(std::chrono::milliseconds limit);
  /// Takes a part of the text, and returns its size: 0 while another text is being written. Fails with the error of the
  /// previous text.
  [[nodiscard]] std::size_t write(std::string_view text, std::error_code& failure);
  /// The error of the last text, if it is known.
  [[nodiscard]] std::error_code failure();
  /// Sets the event once the last text is written or has failed, at once if nothing is being written.
  void notify(std::shared_ptr<async_event> event);

 private:
  void run();

  const HANDLE stream_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string text_;  // Being written. Empty: the thread waits.
  std::error_code failure_;
  std::shared_ptr<async_event> event_;
  bool started_ = false;
};

}  // namespace twinsocket::app
