#pragma once

// Reads standard input line by line without blocking the event loop.

#include <boost/asio/io_context.hpp>
#include <string>

#include "platform/standard_streams.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::app {

/// Reads from a terminal, a pipe or a file. One next() at a time, on the thread of its io_context.
class line_reader {
 public:
  explicit line_reader(boost::asio::io_context& io) : input_(io) {}

  /// The next line, without its newline; the last line may lack one. Fails with errc::closed at the end of the input and
  /// after stop(), with errc::message_too_big for a line of more than `max_line_size` bytes, and with errc::system.
  [[nodiscard]] task<result<std::string>> next();

  /// Stops reading. A pending next() fails with errc::closed.
  void stop();

  static constexpr std::size_t max_line_size = 16 * 1024 * 1024;

 private:
  [[nodiscard]] task<result<void>> read_more();

  standard_input input_;
  std::string buffer_;  // Input buffer; the bytes from `consumed_` on are not returned yet.
  std::size_t consumed_ = 0;
  bool ended_ = false;
};

}  // namespace twinsocket::app
