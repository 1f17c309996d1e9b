#include "platform/socket_descriptor.hpp"

#include <winsock2.h>

namespace twinsocket::detail {

namespace {

boost::system::error_code last_error() { return {::WSAGetLastError(), boost::system::system_category()}; }

SOCKET socket_of(int descriptor) noexcept { return static_cast<SOCKET>(descriptor); }

}  // namespace

socket_properties properties_of_socket(int descriptor, boost::system::error_code& failure) {
  WSAPROTOCOL_INFOW about{};
  int size = sizeof about;
  if (::getsockopt(socket_of(descriptor), SOL_SOCKET, SO_PROTOCOL_INFOW, reinterpret_cast<char*>(&about), &size) != 0) {
    failure = last_error();
    return {};
  }
  BOOL listening = FALSE;
  size = sizeof listening;
  const bool is_stream = about.iSocketType == SOCK_STREAM;
  if (is_stream &&
      ::getsockopt(socket_of(descriptor), SOL_SOCKET, SO_ACCEPTCONN, reinterpret_cast<char*>(&listening), &size) != 0)
    failure = last_error();
  return {about.iAddressFamily, is_stream, listening != FALSE};
}

unique_fd duplicate_socket(int descriptor, boost::system::error_code& failure) {
  WSAPROTOCOL_INFOW about{};
  SOCKET made = INVALID_SOCKET;
  if (::WSADuplicateSocketW(socket_of(descriptor), ::GetCurrentProcessId(), &about) == 0)
    made = ::WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &about, 0,
                        WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
  if (made == INVALID_SOCKET) failure = last_error();
  return unique_fd(static_cast<int>(made));
}

// Without SO_EXCLUSIVEADDRUSE another program could take over the port with SO_REUSEADDR. Connections in TIME_WAIT do not
// block a port on Windows.
void prepare_listening_port(int descriptor, boost::system::error_code& failure) {
  const BOOL on = TRUE;
  if (::setsockopt(socket_of(descriptor), SOL_SOCKET, SO_EXCLUSIVEADDRUSE, reinterpret_cast<const char*>(&on),
                   sizeof on) != 0)
    failure = last_error();
}

// A listening socket belongs to one completion port, and Windows has no SO_REUSEPORT.
bool can_share_listeners() noexcept { return false; }

void share_port(int, boost::system::error_code& failure) {
  failure = boost::system::error_code(WSAEOPNOTSUPP, boost::system::system_category());
}

}  // namespace twinsocket::detail
