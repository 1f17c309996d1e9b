#include "platform/line_editor.hpp"

#include <editline/readline.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <clocale>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <string_view>
#include <utility>

#include "platform/duplicate_descriptor_posix.hpp"
#include "platform/standard_streams.hpp"
#include "twinsocket/native/asio.hpp"

namespace twinsocket::app {

namespace {

constexpr const char* prompt = "> ";

std::size_t columns() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace

class line_editor::implementation {
 public:
  explicit implementation(boost::asio::io_context& io) : input_(io) {
    // Without a UTF-8 locale libedit counts every non-ASCII character as several columns.
    if (!std::setlocale(LC_CTYPE, "") || std::string_view(std::setlocale(LC_CTYPE, nullptr)) == "C")
      std::setlocale(LC_CTYPE, "C.UTF-8");
    assign_duplicate(input_, STDIN_FILENO);
    current = this;
    // Otherwise libedit replaces our signal handlers.
    rl_catch_signals = 0;
    using_history();
    rl_callback_handler_install(prompt, on_line);
  }
  ~implementation() {
    stop();
    current = nullptr;
  }

  task<result<std::string>> next() {
    while (lines_.empty()) {
      if (ended_) co_return error(errc::closed, "standard input has ended");
      if (co_await input_.async_wait(boost::asio::posix::stream_descriptor::wait_read, native::use_task)) ended_ = true;
      if (!ended_) rl_callback_read_char();
    }
    std::string line = std::move(lines_.front());
    lines_.pop_front();
    co_return line;
  }

  void stop() {
    ended_ = true;
    boost::system::error_code ignored;
    input_.close(ignored);
    if (!std::exchange(removed_, true)) {
      rl_callback_handler_remove();
      std::cout << "\r\x1b[J" << std::flush;
    }
  }

  void print(const std::string& lines) {
    if (removed_) {
      std::cout << lines + "\n" << std::flush;
      return;
    }
    std::cout << "\r\x1b[J" + lines + "\n" << std::flush;
    rl_forced_update_display();
  }

  void replace_last_line(const std::string& line) {
    if (last_line_width_ >= columns()) return;
    std::cout << "\x1b[A\r\x1b[J";
    print(line);
  }

 private:
  // libedit calls a plain function without user data, and leaves unbuffered mode after each line: the handler is then
  // installed again.
  static void on_line(char* text) {
    implementation& self = *current;
    if (!text) {
      self.ended_ = true;
      return;
    }
    std::string line(text);
    std::free(text);
    if (!line.empty()) add_history(line.c_str());
    self.last_line_width_ = line.size() + std::string_view(prompt).size();
    self.lines_.push_back(std::move(line));
    rl_callback_handler_install(prompt, on_line);
  }

  static inline implementation* current = nullptr;

  boost::asio::posix::stream_descriptor input_;
  std::deque<std::string> lines_;
  std::size_t last_line_width_ = 0;
  bool ended_ = false;
  bool removed_ = false;
};

bool line_editor::is_available() {
  const char* const terminal = std::getenv("TERM");
  const std::string_view name = terminal ? terminal : "";
  return is_terminal(standard_stream::input) && is_terminal(standard_stream::output) && !name.empty() && name != "dumb";
}

line_editor::line_editor(boost::asio::io_context& io) : implementation_(std::make_unique<implementation>(io)) {}
line_editor::~line_editor() = default;

task<result<std::string>> line_editor::next() { return implementation_->next(); }
void line_editor::stop() { implementation_->stop(); }
void line_editor::print(const std::string& lines) { implementation_->print(lines); }
void line_editor::replace_last_line(const std::string& line) { implementation_->replace_last_line(line); }

}  // namespace twinsocket::app
