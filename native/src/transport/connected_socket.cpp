#include "transport/connected_socket.hpp"

#include <sys/socket.h>

namespace twinsocket::detail {

namespace {

template <class Get>
std::string address(int descriptor, Get get) {
  stream_socket::endpoint_type endpoint;
  auto size = static_cast<socklen_t>(endpoint.capacity());
  if (get(descriptor, endpoint.data(), &size) != 0) return {};
  endpoint.resize(size);
  return text_of(endpoint);
}

}  // namespace

void connected_socket::shutdown_send() noexcept { ::shutdown(descriptor(), SHUT_WR); }

std::string connected_socket::remote_address() const { return address(descriptor(), ::getpeername); }
std::string connected_socket::local_address() const { return address(descriptor(), ::getsockname); }

}  // namespace twinsocket::detail
