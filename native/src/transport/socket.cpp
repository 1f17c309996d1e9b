#include "transport/socket.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstring>

namespace twinsocket::detail {

namespace asio = boost::asio;

// Asio's to_string() uses sprintf, which takes longer than all checks of an opening handshake.
static std::string text_of(const boost::asio::ip::address_v4::bytes_type& address, std::uint16_t port) {
  std::array<char, sizeof "255.255.255.255:65535"> text;
  char* end = text.data();
  const auto add = [&](unsigned number, char after) {
    // Without the last byte, because g++ 14 warns of a full array, which there cannot be.
    end = std::to_chars(end, text.data() + text.size() - 1, number).ptr;
    *end++ = after;
  };
  for (std::size_t i = 0; i < address.size(); ++i) add(address[i], i + 1 < address.size() ? '.' : ':');
  return {text.data(), std::to_chars(end, text.data() + text.size(), port).ptr};
}

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
  if (number.address().is_v6()) return "[" + number.address().to_string() + "]:" + std::to_string(number.port());
  return text_of(number.address().to_v4().to_bytes(), number.port());
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
