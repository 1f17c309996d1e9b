#pragma once

// Standard output and standard error, for programs whose reader may be slow, gone, or was never there.

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

#include "twinsocket/error.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::app {

/// Call this first in main(). A standard stream that is closed is opened on /dev/null, so that no socket gets its number:
/// reading from it ends at once, writing to it fails. SIGPIPE is ignored.
void prepare_standard_streams();

/// Writes lines without blocking for long. From any thread; lines of several threads do not mix.
class output {
 public:
  output(int descriptor, const char* name) : descriptor_(descriptor), name_(name) {}
  output(const output&) = delete;
  output& operator=(const output&) = delete;

  /// Writes all of the text, waiting up to 250 ms for a reader that is slow. What is not taken then is kept, up to 64 KiB, for
  /// the next call; what is beyond that is lost. The error is the first one since the start.
  result<void> write(std::string_view text);

  /// True when something could not be written, or is still kept.
  [[nodiscard]] bool failed() const;

 private:
  [[nodiscard]] bool flush();
  void fail(std::error_code why);

  const int descriptor_;
  const char* const name_;
  mutable std::mutex mutex_;
  std::string kept_;
  bool stalled_ = false;  // The last write was not taken in time: the next one does not wait.
  error failure_;
};

[[nodiscard]] output& standard_output();
[[nodiscard]] output& standard_error();

/// Writes to standard output from a task: waits for a slow reader without stopping the event loop. On the io_context that it was
/// made with.
class paced_output {
 public:
  explicit paced_output(boost::asio::io_context& io);

  /// The error names standard output; errc::cancelled after stop().
  [[nodiscard]] task<result<void>> write(std::string text);

  /// Waits until the reader has gone, or stop(); true where it has gone.
  [[nodiscard]] task<bool> reader_gone();

  void stop();

 private:
  boost::asio::posix::stream_descriptor descriptor_;
  bool stopped_ = false;
};

}  // namespace twinsocket::app
