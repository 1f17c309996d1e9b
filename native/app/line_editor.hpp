#pragma once

// Lines that a person types at a terminal, with editing and a history, while messages come in above them.

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "twinsocket/error.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::app {

/// One at a time in a program, on the io_context that it was made with. The terminal is as it was once it is stopped.
class line_editor {
 public:
  /// False where standard input or output is no terminal that can be edited on, and in a build without libedit.
  [[nodiscard]] static bool usable();

  explicit line_editor(boost::asio::io_context& io);
  ~line_editor();

  /// The next line without its end; errc::closed at the end of the input, which is Ctrl-D on an empty line, and after stop().
  [[nodiscard]] task<result<std::string>> next();
  void stop();

  /// Shows some lines above the one that is being edited.
  void print(const std::string& lines);
  /// Shows a line in the place of the one that was just entered.
  void replace_entered(const std::string& line);

 private:
  class implementation;
  std::unique_ptr<implementation> implementation_;
};

}  // namespace twinsocket::app
