#include "platform/socket_descriptor.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include "platform/last_error_posix.hpp"

namespace twinsocket::detail {

namespace {

int int_option(int descriptor, int name, boost::system::error_code& failure) {
  int value = 0;
  socklen_t size = sizeof value;
  if (::getsockopt(descriptor, SOL_SOCKET, name, &value, &size) != 0) failure = last_error();
  return value;
}

}  // namespace

socket_properties properties_of_socket(int descriptor, boost::system::error_code& failure) {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&name), &size) != 0) failure = last_error();
  if (failure) return {};
  const bool is_stream = int_option(descriptor, SO_TYPE, failure) == SOCK_STREAM;
  const bool is_listening = is_stream && !failure && int_option(descriptor, SO_ACCEPTCONN, failure) == 1;
  return {name.ss_family, is_stream, is_listening};
}

unique_fd duplicate_socket(int descriptor, boost::system::error_code& failure) {
  unique_fd own(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
  if (!own) failure = last_error();
  return own;
}

// SO_REUSEADDR: connections in TIME_WAIT of a previous server do not block the port.
void prepare_listening_port(int descriptor, boost::system::error_code& failure) {
  const int on = 1;
  if (::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) failure = last_error();
}

bool can_share_listeners() noexcept { return true; }

void share_port(int descriptor, boost::system::error_code& failure) {
  const int on = 1;
  if (::setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) failure = last_error();
}

}  // namespace twinsocket::detail
