#include "server/stop_pipe.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace twinsocket::detail {

stop_pipe::stop_pipe() {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return;
  for (const int end : ends) {
    ::fcntl(end, F_SETFD, FD_CLOEXEC);
    ::fcntl(end, F_SETFL, O_NONBLOCK);
  }
  out_ = file_handle(ends[0]);
  in_ = file_handle(ends[1]);
}

void stop_pipe::pull() noexcept {
  // A failure because the pipe is full is harmless: it is readable already. A signal handler must preserve errno.
  const int before = errno;
  [[maybe_unused]] const auto written = ::write(in_.number(), "!", 1);
  errno = before;
}

void stop_pipe::drain() noexcept {
  std::array<char, 64> bytes;
  while (::read(out_.number(), bytes.data(), bytes.size()) > 0) {
  }
}

}  // namespace twinsocket::detail
