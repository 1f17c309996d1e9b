#include "platform/wakeup_pipe.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <cerrno>
#include <utility>

#include "platform/unique_fd.hpp"
#include "twinsocket/native/asio.hpp"

namespace twinsocket::detail {

struct wakeup_pipe::ends {
  unique_fd read;
  unique_fd write;
};

wakeup_pipe::wakeup_pipe() {
  std::array<int, 2> numbers{};
  if (::pipe(numbers.data()) != 0) return;
  ends both{unique_fd(numbers[0]), unique_fd(numbers[1])};
  for (const int number : numbers) {
    ::fcntl(number, F_SETFD, FD_CLOEXEC);
    ::fcntl(number, F_SETFL, O_NONBLOCK);
  }
  ends_ = std::make_unique<ends>(std::move(both));
}

wakeup_pipe::~wakeup_pipe() = default;

void wakeup_pipe::notify() noexcept {
  // A failure because the pipe is full is harmless: it is readable already. A signal handler must preserve errno.
  const int before = errno;
  [[maybe_unused]] const auto written = ::write(ends_->write.get(), "!", 1);
  errno = before;
}

task<void> wakeup_pipe::wait(boost::asio::io_context& context) {
  // Releases the descriptor, which this pipe owns, even if this coroutine is destroyed while it waits.
  struct borrowed_descriptor {
    borrowed_descriptor(boost::asio::io_context& context, int number) : descriptor(context, number) {}
    ~borrowed_descriptor() { descriptor.release(); }
    boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type> descriptor;
  };
  borrowed_descriptor pipe(context, ends_->read.get());
  auto& descriptor = pipe.descriptor;
  [[maybe_unused]] const auto failure = co_await descriptor.async_wait(descriptor.wait_read, native::use_task);
}

void wakeup_pipe::drain() noexcept {
  std::array<char, 64> bytes;
  while (::read(ends_->read.get(), bytes.data(), bytes.size()) > 0) {
  }
}

}  // namespace twinsocket::detail
