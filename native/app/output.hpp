#pragma once

// Writes to standard output and standard error, whose reader may be slow, gone or absent.

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

#include "platform/standard_streams.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::app {

/// Writes lines and blocks for at most 250 ms. Thread-safe; lines of several threads do not interleave.
class output {
 public:
  output(standard_stream stream, const char* name) : stream_(stream), name_(name) {}
  output(const output&) = delete;
  output& operator=(const output&) = delete;

  /// Writes the text, waiting up to 250 ms for a slow reader. The rest is buffered for the next call, up to 64 KiB; text
  /// beyond that is lost. Returns the first error since the start.
  result<void> write(std::string_view text);

  /// True when something could not be written or is still buffered.
  [[nodiscard]] bool failed() const;

 private:
  [[nodiscard]] bool flush();
  void fail(std::error_code why);

  const standard_stream stream_;
  const char* const name_;
  mutable std::mutex mutex_;
  std::string buffered_;
  bool stalled_ = false;  // The last write timed out: the next one does not wait.
  error failure_;
};

[[nodiscard]] output& standard_output();
[[nodiscard]] output& standard_error();

/// Writes to standard output from a task. Waits for a slow reader without blocking the event loop. Use it on the thread of
/// its io_context.
class async_output {
 public:
  explicit async_output(boost::asio::io_context& io) : watcher_(io) {}

  /// Fails with errc::system if standard output cannot be written, with errc::cancelled after stop().
  [[nodiscard]] task<result<void>> write(std::string text);

  /// Waits until the reader has closed its end (true), or until stop() (false).
  [[nodiscard]] task<bool> wait_for_reader_exit() { return watcher_.wait_for_reader_exit(); }

  void stop();

 private:
  output_watcher watcher_;
  bool stopped_ = false;
};

}  // namespace twinsocket::app
