#include "output.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <csignal>

#include "line_reader.hpp"
#include "twinsocket/native/asio.hpp"

namespace twinsocket::app {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr auto write_timeout = 250ms;
constexpr std::size_t max_buffered = 64 * 1024;

// True when a write does not block. Also true for a descriptor that is broken: the write then reports the error.
bool is_ready(int descriptor, std::chrono::milliseconds wait) {
  pollfd one{descriptor, POLLOUT, 0};
  const int count = ::poll(&one, 1, static_cast<int>(wait.count()));
  return count > 0 || (count < 0 && errno != EINTR);
}

// A pipe that poll() reports as writable accepts PIPE_BUF bytes without blocking, even if it is in blocking mode.
ssize_t write_piece(int descriptor, std::string_view text) {
  return ::write(descriptor, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
}

bool is_temporary(int failure) { return failure == EINTR || failure == EAGAIN; }

error cannot_write(const char* name, std::error_code why) {
  return {errc::system, std::string(name) + " cannot be written", why};
}

}  // namespace

void prepare_standard_streams() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    // open() returns the lowest free number, which is this one. It is opened read-only, so that writes fail.
    if (::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF) static_cast<void>(::open("/dev/null", O_RDONLY));
  std::signal(SIGPIPE, SIG_IGN);
}

result<void> output::write(std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (buffered_.size() + text.size() > max_buffered && !flush() && !buffered_.empty()) {
    fail(std::make_error_code(std::errc::timed_out));
    return failure_;
  }
  buffered_ += text;
  static_cast<void>(flush());
  if (failure_.code() != errc::ok) return failure_;
  return {};
}

bool output::failed() const {
  const std::lock_guard lock(mutex_);
  return failure_.code() != errc::ok || !buffered_.empty();
}

bool output::flush() {
  const auto until = clock::now() + (stalled_ ? 0ms : write_timeout);
  std::size_t written = 0;
  stalled_ = false;
  while (written < buffered_.size() && !stalled_) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now());
    stalled_ = !is_ready(descriptor_, std::max(left, std::chrono::milliseconds(0)));
    if (stalled_) break;
    const ssize_t count = write_piece(descriptor_, std::string_view(buffered_).substr(written));
    if (count >= 0) {
      written += static_cast<std::size_t>(count);
    } else if (!is_temporary(errno)) {
      fail({errno, std::system_category()});
      written = buffered_.size();
    }
  }
  buffered_.erase(0, written);
  return buffered_.empty();
}

void output::fail(std::error_code why) {
  if (failure_.code() == errc::ok) failure_ = cannot_write(name_, why);
}

output& standard_output() {
  static output out(STDOUT_FILENO, "standard output");
  return out;
}

output& standard_error() {
  static output out(STDERR_FILENO, "standard error");
  return out;
}

async_output::async_output(boost::asio::io_context& io) : descriptor_(io) {
  static_cast<void>(assign_duplicate(descriptor_, STDOUT_FILENO));
}

task<result<void>> async_output::write(std::string text) {
  for (std::size_t written = 0; written < text.size();) {
    if (stopped_) co_return error(errc::cancelled, "standard output accepts no data");
    if (!is_ready(STDOUT_FILENO, 0ms)) {
      const auto failure = co_await descriptor_.async_wait(descriptor_.wait_write, native::use_task);
      // Descriptors that cannot be waited for, such as files, are always ready.
      if (failure && !stopped_) co_return cannot_write("standard output", failure);
      continue;
    }
    const ssize_t count = write_piece(STDOUT_FILENO, std::string_view(text).substr(written));
    if (count >= 0) {
      written += static_cast<std::size_t>(count);
    } else if (!is_temporary(errno)) {
      co_return cannot_write("standard output", {errno, std::system_category()});
    }
  }
  co_return result<void>();
}

task<bool> async_output::wait_for_reader_exit() {
  const auto failure = co_await descriptor_.async_wait(descriptor_.wait_error, native::use_task);
  if (failure || stopped_) co_return false;
  pollfd one{STDOUT_FILENO, 0, 0};
  co_return ::poll(&one, 1, 0) > 0 && (one.revents & (POLLERR | POLLHUP)) != 0;
}

void async_output::stop() {
  stopped_ = true;
  boost::system::error_code ignored;
  descriptor_.close(ignored);
}

}  // namespace twinsocket::app
