// The linker redirects each call of epoll_ctl to __wrap_epoll_ctl (--wrap).

#include "system_calls.hpp"

#include <sys/epoll.h>

#include <atomic>

namespace {

std::atomic<std::size_t> calls{0};

}  // namespace

std::size_t epoll_ctl_calls() noexcept { return calls; }

extern "C" int __real_epoll_ctl(int fd, int op, int of, epoll_event* event);
extern "C" int __wrap_epoll_ctl(int fd, int op, int of, epoll_event* event);
extern "C" int __wrap_epoll_ctl(int fd, int op, int of, epoll_event* event) {
  ++calls;
  return __real_epoll_ctl(fd, op, of, event);
}
