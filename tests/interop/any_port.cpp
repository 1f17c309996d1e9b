// Linked into a program with -Wl,--wrap=bind: whatever port it wants to listen on, it takes any that is free, and
// prints it. So an example with a port of its own can be tested as it is.

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdio>

extern "C" int __real_bind(int socket, const sockaddr* address, socklen_t size);

extern "C" int __wrap_bind(int socket, const sockaddr* address, socklen_t) {
  sockaddr_in any = *reinterpret_cast<const sockaddr_in*>(address);
  any.sin_port = 0;
  const int failure = __real_bind(socket, reinterpret_cast<const sockaddr*>(&any), sizeof any);
  socklen_t size = sizeof any;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&any), &size);
  std::printf("%d\n", ntohs(any.sin_port));
  std::fflush(stdout);
  return failure;
}
