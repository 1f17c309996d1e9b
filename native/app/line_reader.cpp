#include "line_reader.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "twinsocket/native/asio.hpp"

namespace twinsocket::app {

namespace {

namespace asio = boost::asio;

error cannot_read(std::error_code cause) { return {errc::system, "standard input cannot be read", cause}; }

ssize_t read_some(int from, std::string& to) {
  std::array<char, 65'536> chunk;
  const ssize_t count = ::read(from, chunk.data(), chunk.size());
  if (count > 0) to.append(chunk.data(), static_cast<std::size_t>(count));
  return count;
}

}  // namespace

boost::system::error_code assign_duplicate(asio::posix::stream_descriptor& stream, int standard) {
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

line_reader::line_reader(asio::io_context& io) : input_(io) {
  ended_ = assign_duplicate(input_, STDIN_FILENO).failed();
}

task<result<std::string>> line_reader::next() {
  std::size_t searched = consumed_;
  std::size_t end = 0;
  while ((end = buffer_.find('\n', searched)) == buffer_.npos) {
    if (ended_ && consumed_ == buffer_.size()) co_return error(errc::closed, "standard input has ended");
    if (ended_) break;
    if (buffer_.size() - consumed_ > max_line_size)
      co_return error(errc::message_too_big,
                      "a line of standard input is longer than " + std::to_string(max_line_size) + " bytes");
    buffer_.erase(0, std::exchange(consumed_, 0));
    searched = buffer_.size();
    if (auto more = co_await read_more(); !more) co_return more.error();
  }
  std::string line = buffer_.substr(consumed_, end == buffer_.npos ? end : end - consumed_);
  consumed_ = end == buffer_.npos ? buffer_.size() : end + 1;
  co_return line;
}

task<result<void>> line_reader::read_more() {
  const auto failure = co_await input_.async_wait(asio::posix::stream_descriptor::wait_read, native::use_task);
  // Asio cannot wait for a regular file, which is always readable.
  if (failure && failure != asio::error::operation_not_supported) {
    ended_ = true;
    if (failure == asio::error::operation_aborted)
      co_return error(errc::closed, "reading of standard input was stopped");
    co_return cannot_read(failure);
  }
  const ssize_t count = read_some(input_.native_handle(), buffer_);
  if (count < 0 && errno != EINTR && errno != EAGAIN) co_return cannot_read({errno, std::system_category()});
  if (count == 0) ended_ = true;
  co_return result<void>();
}

void line_reader::stop() {
  boost::system::error_code ignored;
  input_.close(ignored);
  buffer_.clear();
  consumed_ = 0;
  ended_ = true;
}

}  // namespace twinsocket::app
