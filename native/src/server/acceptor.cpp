#include "server/acceptor.hpp"

#include <boost/asio/ip/v6_only.hpp>
#include <cstring>

#include "platform/socket_descriptor.hpp"

namespace twinsocket::detail {

namespace {

// Accepted sockets inherit TCP_NODELAY, which spares a system call for each. Unix-domain sockets have no such option.
void set_no_delay(stream_acceptor& acceptor) {
  boost::system::error_code ignored;
  acceptor.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
}

}  // namespace

result<tcp_endpoint> resolve_endpoint(boost::asio::io_context& context, const std::string& address,
                                      std::uint16_t port) {
  boost::system::error_code failure;
  const auto number = boost::asio::ip::make_address(address, failure);
  if (!failure) return tcp_endpoint(number, port);
  // RFC 6761 section 6.3: "localhost" is always the loopback address, whatever a resolver says.
  if (address == "localhost") return tcp_endpoint(boost::asio::ip::address_v4::loopback(), port);
  boost::asio::ip::basic_resolver<boost::asio::ip::tcp, boost::asio::io_context::executor_type> names(context);
  const auto found = names.resolve(address, std::to_string(port), boost::asio::ip::resolver_base::passive, failure);
  if (failure || found.empty()) return error(errc::resolve_failed, "\"" + address + "\" to listen on", failure);
  return found.begin()->endpoint();
}

result<stream_acceptor> open_acceptor(boost::asio::io_context& context, const tcp_endpoint& where, port_sharing how,
                                      bool only_v6) {
  stream_acceptor acceptor(context);
  boost::system::error_code failure;
  const auto unless_failed = [&](auto&& step) {
    if (!failure) step();
  };
  unless_failed([&] { acceptor.open(where.protocol(), failure); });
  const auto descriptor = [&] { return static_cast<int>(acceptor.native_handle()); };
  unless_failed([&] { prepare_listening_port(descriptor(), failure); });
  unless_failed([&] {
    if (where.address().is_v6()) acceptor.set_option(boost::asio::ip::v6_only(only_v6), failure);
  });
  // The first socket binds without SO_REUSEPORT, so that it fails if another server shares this port already.
  unless_failed([&] {
    if (how == port_sharing::next) share_port(descriptor(), failure);
  });
  unless_failed([&] { acceptor.bind(where, failure); });
  unless_failed([&] {
    if (how == port_sharing::first) share_port(descriptor(), failure);
  });
  unless_failed([&] { acceptor.listen(stream_acceptor::max_listen_connections, failure); });
  if (failure) return error(errc::system, "cannot listen on " + text_of(where), failure);
  set_no_delay(acceptor);
  return acceptor;
}

result<stream_acceptor> adopt_acceptor(boost::asio::io_context& context, int descriptor, const std::string& whose) {
  boost::system::error_code failure;
  const socket_properties found = properties_of_socket(descriptor, failure);
  if (failure) return error(errc::system, "cannot listen on " + whose, failure);
  if (!found.is_stream || (!is_ip(found.family) && !is_unix(found.family)))
    return error(errc::invalid_argument, whose + " is not a stream socket of TCP or of the Unix domain");
  if (!found.is_listening) return error(errc::invalid_argument, whose + " is a socket that is not listening");
  unique_fd own = duplicate_socket(descriptor, failure);
  stream_acceptor acceptor(context);
  if (!failure) acceptor.assign(boost::asio::generic::stream_protocol(found.family, 0), own.get(), failure);
  if (failure) return error(errc::system, "cannot listen on " + whose, failure);
  own.release();
  set_no_delay(acceptor);
  return acceptor;
}

std::optional<tcp_endpoint> to_tcp_endpoint(const boost::asio::generic::stream_protocol::endpoint& endpoint) {
  tcp_endpoint number;
  if (!is_ip(endpoint.protocol().family())) return {};
  // Not size(), which Asio leaves at 0 for accepted sockets on Windows. The family determines the size.
  std::memcpy(number.data(), endpoint.data(), number.capacity());
  return number;
}

}  // namespace twinsocket::detail
