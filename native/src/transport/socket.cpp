#include "transport/socket.hpp"

#include <array>
#include <boost/asio/local/stream_protocol.hpp>
#include <charconv>
#include <cstring>

#include "platform/socket_descriptor.hpp"

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

bool is_ip(int family) noexcept {
  return family == asio::ip::tcp::v4().family() || family == asio::ip::tcp::v6().family();
}

bool is_unix(int family) noexcept { return family == asio::local::stream_protocol().family(); }

std::string text_of(const stream_socket::endpoint_type& endpoint) {
  const int family = endpoint.protocol().family();
  if (is_unix(family)) {
    asio::local::stream_protocol::endpoint local;
    if (endpoint.size() > local.capacity()) return "unix:";
    std::memcpy(local.data(), endpoint.data(), endpoint.size());
    local.resize(endpoint.size());
    const std::string path = local.path();
    return "unix:" + path.substr(0, path.find('\0'));
  }
  asio::ip::tcp::endpoint number;
  if (!is_ip(family)) return {};
  // Not size(), which Asio leaves at 0 for accepted sockets on Windows. The family determines the size.
  std::memcpy(number.data(), endpoint.data(), number.capacity());
  if (number.address().is_v6()) return "[" + number.address().to_string() + "]:" + std::to_string(number.port());
  return text_of(number.address().to_v4().to_bytes(), number.port());
}

result<stream_socket> adopt_socket(boost::asio::io_context& context, int descriptor, const std::string& what) {
  unique_fd own(descriptor);
  stream_socket socket(context.get_executor());
  boost::system::error_code failure;
  const socket_properties found = properties_of_socket(descriptor, failure);
  if (!failure && !found.is_stream) failure = asio::error::operation_not_supported;
  if (!failure) socket.assign(asio::generic::stream_protocol(found.family, 0), descriptor, failure);
  if (!failure) {
    own.release();
    return socket;
  }
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
