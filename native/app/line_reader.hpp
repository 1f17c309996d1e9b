#pragma once

// Standard input, line by line, without stopping the event loop.

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <string>

#include "twinsocket/error.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::app {

/// Lets an event loop wait for one of the standard streams, through a descriptor of its own. Says why where there is none.
boost::system::error_code watch_descriptor(boost::asio::posix::stream_descriptor& stream, int standard);

/// Reads a terminal, a pipe or a file. For one task at a time, on the io_context that it was made with.
class line_reader {
 public:
  explicit line_reader(boost::asio::io_context& io);

  /// The next line without its end; the last one needs none. Fails with errc::closed at the end of the input and after
  /// stop(), with errc::message_too_big for a line of more than `longest_line` bytes, and with errc::system.
  [[nodiscard]] task<result<std::string>> next();

  /// Ends the reading; a next() that waits fails.
  void stop();

  static constexpr std::size_t longest_line = 16 * 1024 * 1024;

 private:
  [[nodiscard]] task<result<void>> read_more();

  boost::asio::posix::stream_descriptor input_;
  std::string read_;  // What was read and not yet given out, behind `taken_`.
  std::size_t taken_ = 0;
  bool ended_ = false;
};

}  // namespace twinsocket::app
