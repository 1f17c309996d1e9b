#pragma once

// Standard input, output and error: a terminal, a pipe, a file, or nothing. They may be in blocking mode.

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include "twinsocket/error.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::app {

enum class standard_stream : std::uint8_t { input, output, error };

/// Call this first in main(). Opens closed standard streams on nothing, so that no socket gets their numbers: reads then
/// return end of file, writes fail. A write without a reader fails too, rather than to end the program.
void prepare_standard_streams();

[[nodiscard]] bool is_terminal(standard_stream which);

/// Waits until write_some() does not block. Also true for a stream that is broken: write_some() then reports the error.
[[nodiscard]] bool wait_writable(standard_stream which, std::chrono::milliseconds limit);

/// Writes a part of the text. Call it only if wait_writable() returned true: it does not block then. Returns the number of
/// bytes, which may be 0.
[[nodiscard]] std::size_t write_some(standard_stream which, std::string_view text, std::error_code& failure);

/// Waits until the system has what write_some() accepted, which other systems than Windows have at once. False if that takes
/// longer. `failure` is the error of writing it.
[[nodiscard]] bool wait_written(standard_stream which, std::chrono::milliseconds limit, std::error_code& failure);

/// Reads standard input without blocking the event loop. Use it on the thread of its io_context.
class standard_input {
 public:
  explicit standard_input(boost::asio::io_context& io);
  ~standard_input();

  /// Waits for input and appends it to `to`. False at the end of the input. errc::system if it cannot be read; errc::closed
  /// after stop().
  [[nodiscard]] task<result<bool>> read(std::string& to);
  void stop();

 private:
  class implementation;
  std::unique_ptr<implementation> implementation_;
};

/// Waits for the reader of standard output without blocking the event loop. Use it on the thread of its io_context.
class output_watcher {
 public:
  explicit output_watcher(boost::asio::io_context& io);
  ~output_watcher();

  /// Waits until standard output can be written. Returns the error if that cannot be waited for.
  [[nodiscard]] task<std::error_code> wait_writable();
  /// Waits until the reader has closed its end (true), or until stop() (false).
  [[nodiscard]] task<bool> wait_for_reader_exit();
  void stop();

 private:
  class implementation;
  std::unique_ptr<implementation> implementation_;
};

}  // namespace twinsocket::app
