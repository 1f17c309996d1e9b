#include "transport/socket.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

namespace twinsocket::detail {

namespace asio = boost::asio;

std::string text_of(const stream_socket::endpoint_type& endpoint) {
  const int family = endpoint.protocol().family();
  if (family == AF_UNIX) {
    sockaddr_un local{};
    std::memcpy(&local, endpoint.data(), std::min(endpoint.size(), sizeof local));
    const std::size_t first = offsetof(sockaddr_un, sun_path);
    if (endpoint.size() <= first) return "unix:";
    return "unix:" + std::string(local.sun_path, strnlen(local.sun_path, endpoint.size() - first));
  }
  asio::ip::tcp::endpoint number;
  if ((family != AF_INET && family != AF_INET6) || endpoint.size() > number.capacity()) return {};
  std::memcpy(number.data(), endpoint.data(), endpoint.size());
  number.resize(endpoint.size());
  const std::string address = number.address().to_string();
  return (number.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(number.port());
}

result<stream_socket> adopt_socket(boost::asio::io_context& context, int descriptor, const std::string& what) {
  sockaddr_storage self{};
  socklen_t self_size = sizeof self;
  int type = 0;
  socklen_t type_size = sizeof type;
  stream_socket socket(context.get_executor());
  boost::system::error_code failure;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &type_size) != 0 ||
      ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&self), &self_size) != 0)
    failure.assign(errno, boost::system::system_category());
  if (!failure && type != SOCK_STREAM) failure = asio::error::operation_not_supported;
  if (!failure) socket.assign(asio::generic::stream_protocol(self.ss_family, 0), descriptor, failure);
  if (!failure) return socket;
  if (descriptor >= 0) ::close(descriptor);
  return error(errc::invalid_argument, what + " is not a stream socket", failure);
}

std::string remote_address(const stream_socket& socket) {
  boost::system::error_code failure;
  const auto endpoint = socket.remote_endpoint(failure);
  return failure ? std::string() : text_of(endpoint);
}

std::string local_address(const stream_socket& socket) {
  boost::system::error_code failure;
  const auto endpoint = socket.local_endpoint(failure);
  return failure ? std::string() : text_of(endpoint);
}

}  // namespace twinsocket::detail
