// Wraps every system call of the program and its static libraries that can fail. Left out are those that always succeed
// with valid arguments: close, timerfd_settime, epoll_wait, and ioctl(FIONBIO).

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <cerrno>
#include <cstdarg>

#include "failing.hpp"

// The linker redirects each call of NAME to __wrap_NAME (--wrap). __real_NAME is the system's.
#define FAILING(RESULT, NAME, ERROR, PARAMETERS, ARGUMENTS)       \
  extern "C" RESULT __real_##NAME PARAMETERS;                     \
  extern "C" RESULT __wrap_##NAME PARAMETERS;                     \
  extern "C" RESULT __wrap_##NAME PARAMETERS {                    \
    if (!fails(resource::system)) return __real_##NAME ARGUMENTS; \
    errno = ERROR;                                                \
    return -1;                                                    \
  }

FAILING(int, accept, EMFILE, (int fd, sockaddr* peer, socklen_t* size), (fd, peer, size))
FAILING(int, accept4, EMFILE, (int fd, sockaddr* peer, socklen_t* size, int flags), (fd, peer, size, flags))
FAILING(int, bind, EADDRINUSE, (int fd, const sockaddr* self, socklen_t size), (fd, self, size))
FAILING(int, connect, EADDRNOTAVAIL, (int fd, const sockaddr* peer, socklen_t size), (fd, peer, size))
FAILING(int, epoll_create1, EMFILE, (int flags), (flags))
FAILING(int, eventfd, EMFILE, (unsigned count, int flags), (count, flags))
FAILING(int, getpeername, ENOTCONN, (int fd, sockaddr* peer, socklen_t* size), (fd, peer, size))
FAILING(int, getsockname, ENOBUFS, (int fd, sockaddr* self, socklen_t* size), (fd, self, size))
FAILING(int, getsockopt, ENOMEM, (int fd, int level, int name, void* value, socklen_t* size),
        (fd, level, name, value, size))
FAILING(int, setsockopt, ENOMEM, (int fd, int level, int name, const void* value, socklen_t size),
        (fd, level, name, value, size))
FAILING(int, listen, EADDRINUSE, (int fd, int backlog), (fd, backlog))
FAILING(int, shutdown, ENOTCONN, (int fd, int how), (fd, how))
FAILING(int, socket, EMFILE, (int family, int type, int protocol), (family, type, protocol))
FAILING(int, timerfd_create, EMFILE, (int clock, int flags), (clock, flags))
FAILING(ssize_t, pread, EIO, (int fd, void* to, size_t size, off_t at), (fd, to, size, at))
FAILING(ssize_t, read, EIO, (int fd, void* to, size_t size), (fd, to, size))
FAILING(ssize_t, recv, ENOMEM, (int fd, void* to, size_t size, int flags), (fd, to, size, flags))
FAILING(ssize_t, recvmsg, ENOMEM, (int fd, msghdr* message, int flags), (fd, message, flags))
FAILING(ssize_t, send, ENOBUFS, (int fd, const void* from, size_t size, int flags), (fd, from, size, flags))
FAILING(ssize_t, sendmsg, ENOBUFS, (int fd, const msghdr* message, int flags), (fd, message, flags))
FAILING(ssize_t, write, EIO, (int fd, const void* from, size_t size), (fd, from, size))

// Only adding to the set allocates.
extern "C" int __real_epoll_ctl(int fd, int op, int of, epoll_event* event);
extern "C" int __wrap_epoll_ctl(int fd, int op, int of, epoll_event* event);
extern "C" int __wrap_epoll_ctl(int fd, int op, int of, epoll_event* event) {
  if (op != EPOLL_CTL_ADD || !fails(resource::system)) return __real_epoll_ctl(fd, op, of, event);
  errno = ENOMEM;
  return -1;
}

// Calls with an optional argument, which is never larger than a pointer here.
#define FAILING_WITH_MORE(NAME, ERROR, PARAMETERS, ARGUMENTS, LAST) \
  extern "C" int __real_##NAME PARAMETERS;                          \
  extern "C" int __wrap_##NAME PARAMETERS;                          \
  extern "C" int __wrap_##NAME PARAMETERS {                         \
    va_list more;                                                   \
    va_start(more, LAST);                                           \
    void* const argument = va_arg(more, void*);                     \
    va_end(more);                                                   \
    if (!fails(resource::system)) return __real_##NAME ARGUMENTS;   \
    errno = ERROR;                                                  \
    return -1;                                                      \
  }

FAILING_WITH_MORE(open, EMFILE, (const char* path, int flags, ...), (path, flags, argument), flags)
FAILING_WITH_MORE(openat, EMFILE, (int fd, const char* path, int flags, ...), (fd, path, flags, argument), flags)
