#include "platform/standard_streams.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>

#include "platform/duplicate_descriptor_posix.hpp"
#include "twinsocket/native/asio.hpp"

namespace twinsocket::app {

namespace {

using boost::asio::posix::stream_descriptor;

int descriptor_of(standard_stream which) { return static_cast<int>(which); }

bool is_temporary(int failure) { return failure == EINTR || failure == EAGAIN; }

}  // namespace

boost::system::error_code assign_duplicate(stream_descriptor& stream, int standard) {
  boost::system::error_code failure;
  const int own = ::fcntl(standard, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (own < 0) return {errno, boost::system::system_category()};
  stream.assign(own, failure);
  if (failure) {
    ::close(own);
    return failure;
  }
  // Asio makes a descriptor non-blocking before it waits. That flag is shared with the shell that started us, and with our
  // own output if both are a terminal. So we let Asio set it once here and restore it. Reads do not block anyway, because
  // they only happen when there is something to read.
  const int flags = ::fcntl(own, F_GETFL);
  boost::system::error_code ignored;
  stream.native_non_blocking(true, ignored);
  ::fcntl(own, F_SETFL, flags);
  return {};
}

void prepare_standard_streams() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    // open() returns the lowest free number, which is this one. It is opened read-only, so that writes fail.
    if (::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF) static_cast<void>(::open("/dev/null", O_RDONLY));
  std::signal(SIGPIPE, SIG_IGN);
}

bool is_terminal(standard_stream which) { return ::isatty(descriptor_of(which)) != 0; }

bool wait_writable(standard_stream which, std::chrono::milliseconds limit) {
  pollfd one{descriptor_of(which), POLLOUT, 0};
  const int count = ::poll(&one, 1, static_cast<int>(limit.count()));
  return count > 0 || (count < 0 && errno != EINTR);
}

std::size_t write_some(standard_stream which, std::string_view text, std::error_code& failure) {
  // A pipe that poll() reports as writable accepts PIPE_BUF bytes without blocking, even if it is in blocking mode.
  const auto count = ::write(descriptor_of(which), text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
  if (count >= 0) return static_cast<std::size_t>(count);
  if (!is_temporary(errno)) failure = {errno, std::system_category()};
  return 0;
}

bool wait_written(standard_stream, std::chrono::milliseconds, std::error_code&) { return true; }

class standard_input::implementation {
 public:
  explicit implementation(boost::asio::io_context& io) : input_(io) {
    ended_ = assign_duplicate(input_, STDIN_FILENO).failed();
  }

  task<result<bool>> read(std::string& to) {
    if (ended_) co_return false;
    const auto failure = co_await input_.async_wait(stream_descriptor::wait_read, native::use_task);
    if (failure == boost::asio::error::operation_aborted)
      co_return error(errc::closed, "reading of standard input was stopped");
    // Asio cannot wait for a regular file, which is always readable.
    if (failure && failure != boost::asio::error::operation_not_supported) co_return cannot_read(failure);
    std::array<char, 65'536> chunk;
    const auto count = ::read(input_.native_handle(), chunk.data(), chunk.size());
    if (count < 0 && !is_temporary(errno)) co_return cannot_read({errno, std::system_category()});
    if (count > 0) to.append(chunk.data(), static_cast<std::size_t>(count));
    co_return count != 0;
  }

  void stop() {
    ended_ = true;
    boost::system::error_code ignored;
    input_.close(ignored);
  }

 private:
  static error cannot_read(std::error_code cause) { return {errc::system, "standard input cannot be read", cause}; }

  stream_descriptor input_;
  bool ended_ = false;
};

standard_input::standard_input(boost::asio::io_context& io) : implementation_(std::make_unique<implementation>(io)) {}
standard_input::~standard_input() = default;
task<result<bool>> standard_input::read(std::string& to) { return implementation_->read(to); }
void standard_input::stop() { implementation_->stop(); }

class output_watcher::implementation {
 public:
  explicit implementation(boost::asio::io_context& io) : output_(io) {
    static_cast<void>(assign_duplicate(output_, STDOUT_FILENO));
  }

  task<std::error_code> wait_writable() {
    co_return co_await output_.async_wait(stream_descriptor::wait_write, native::use_task);
  }

  task<bool> wait_for_reader_exit() {
    const auto failure = co_await output_.async_wait(stream_descriptor::wait_error, native::use_task);
    if (failure || !output_.is_open()) co_return false;
    pollfd one{STDOUT_FILENO, 0, 0};
    co_return ::poll(&one, 1, 0) > 0 && (one.revents & (POLLERR | POLLHUP)) != 0;
  }

  void stop() {
    boost::system::error_code ignored;
    output_.close(ignored);
  }

 private:
  stream_descriptor output_;
};

output_watcher::output_watcher(boost::asio::io_context& io) : implementation_(std::make_unique<implementation>(io)) {}
output_watcher::~output_watcher() = default;
task<std::error_code> output_watcher::wait_writable() { return implementation_->wait_writable(); }
task<bool> output_watcher::wait_for_reader_exit() { return implementation_->wait_for_reader_exit(); }
void output_watcher::stop() { implementation_->stop(); }

}  // namespace twinsocket::app
