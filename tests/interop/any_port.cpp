// Linked into a program with -Wl,--wrap=bind,--wrap=listen. Replaces the port that the program listens on by a free one
// and prints it, so that an example with a fixed port can be tested unchanged.

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdio>

extern "C" int __real_bind(int socket, const sockaddr* address, socklen_t size);
extern "C" int __real_listen(int socket, int backlog);

extern "C" int __wrap_bind(int socket, const sockaddr* address, socklen_t) {
  sockaddr_in any = *reinterpret_cast<const sockaddr_in*>(address);
  any.sin_port = 0;
  return __real_bind(socket, reinterpret_cast<const sockaddr*>(&any), sizeof any);
}

extern "C" int __wrap_listen(int socket, int backlog) {
  const int failure = __real_listen(socket, backlog);
  sockaddr_in taken{};
  socklen_t size = sizeof taken;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&taken), &size);
  std::printf("%d\n", ntohs(taken.sin_port));
  std::fflush(stdout);
  return failure;
}
