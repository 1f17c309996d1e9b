#include "platform/wakeup_pipe.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <cerrno>

#include "twinsocket/native/asio.hpp"

namespace twinsocket::detail {

wakeup_pipe::wakeup_pipe() {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return;
  for (const int end : ends) {
    ::fcntl(end, F_SETFD, FD_CLOEXEC);
    ::fcntl(end, F_SETFL, O_NONBLOCK);
  }
  read_end_ = unique_fd(ends[0]);
  write_end_ = unique_fd(ends[1]);
}

void wakeup_pipe::notify() noexcept {
  // A failure because the pipe is full is harmless: it is readable already. A signal handler must preserve errno.
  const int before = errno;
  [[maybe_unused]] const auto written = ::write(write_end_.get(), "!", 1);
  errno = before;
}

task<void> wakeup_pipe::wait(boost::asio::io_context& context) {
  // Releases the descriptor, which this pipe owns, even if this coroutine is destroyed while it waits.
  struct borrowed_descriptor {
    borrowed_descriptor(boost::asio::io_context& context, int number) : descriptor(context, number) {}
    ~borrowed_descriptor() { descriptor.release(); }
    boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type> descriptor;
  };
  borrowed_descriptor pipe(context, read_end_.get());
  auto& descriptor = pipe.descriptor;
  [[maybe_unused]] const auto failure = co_await descriptor.async_wait(descriptor.wait_read, native::use_task);
}

void wakeup_pipe::drain() noexcept {
  std::array<char, 64> bytes;
  while (::read(read_end_.get(), bytes.data(), bytes.size()) > 0) {
  }
}

}  // namespace twinsocket::detail
