#pragma once

// Reads lines from a terminal with editing and history, while received messages are printed above the prompt.

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "twinsocket/error.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::app {

/// At most one instance per process. Use it on the thread of its io_context. stop() restores the terminal.
class line_editor {
 public:
  /// False if standard input or output is not a capable terminal, and in builds without libedit.
  [[nodiscard]] static bool is_available();

  explicit line_editor(boost::asio::io_context& io);
  ~line_editor();

  /// The next line, without its newline. Fails with errc::closed at the end of the input (Ctrl-D on an empty line) and after
  /// stop().
  [[nodiscard]] task<result<std::string>> next();
  void stop();

  /// Prints lines above the line that is being edited.
  void print(const std::string& lines);
  /// Replaces the line that was just entered on the screen.
  void replace_last_line(const std::string& line);

 private:
  class implementation;
  std::unique_ptr<implementation> implementation_;
};

}  // namespace twinsocket::app
