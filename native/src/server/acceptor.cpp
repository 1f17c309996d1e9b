#include "server/acceptor.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <boost/asio/ip/v6_only.hpp>
#include <cerrno>
#include <cstring>

#include "server/unique_fd.hpp"

namespace twinsocket::detail {

namespace {

void share_port(stream_acceptor& acceptor, boost::system::error_code& failure) {
  const int on = 1;
  if (::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
    failure.assign(errno, boost::system::system_category());
}

// Accepted sockets inherit TCP_NODELAY, which spares a system call for each. Unix-domain sockets have no such option.
void set_no_delay(stream_acceptor& acceptor) {
  boost::system::error_code ignored;
  acceptor.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
}

std::error_code last_failure() { return {errno, std::system_category()}; }

int int_option(int descriptor, int name) {
  int value = 0;
  socklen_t size = sizeof value;
  return ::getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
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
  // SO_REUSEADDR: connections in TIME_WAIT of a previous server do not block the port.
  unless_failed([&] { acceptor.set_option(stream_acceptor::reuse_address(true), failure); });
  unless_failed([&] {
    if (where.address().is_v6()) acceptor.set_option(boost::asio::ip::v6_only(only_v6), failure);
  });
  // The first socket binds without SO_REUSEPORT, so that it fails if another server shares this port already.
  unless_failed([&] {
    if (how == port_sharing::next) share_port(acceptor, failure);
  });
  unless_failed([&] { acceptor.bind(where, failure); });
  unless_failed([&] {
    if (how == port_sharing::first) share_port(acceptor, failure);
  });
  unless_failed([&] { acceptor.listen(stream_acceptor::max_listen_connections, failure); });
  if (failure) return error(errc::system, "cannot listen on " + text_of(where), failure);
  set_no_delay(acceptor);
  return acceptor;
}

result<stream_acceptor> adopt_acceptor(boost::asio::io_context& context, int descriptor, const std::string& whose) {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&name), &size) != 0)
    return error(errc::system, "cannot listen on " + whose, last_failure());
  const int family = name.ss_family;
  if ((family != AF_INET && family != AF_INET6 && family != AF_UNIX) || int_option(descriptor, SO_TYPE) != SOCK_STREAM)
    return error(errc::invalid_argument, whose + " is not a stream socket of TCP or of the Unix domain");
  if (int_option(descriptor, SO_ACCEPTCONN) != 1)
    return error(errc::invalid_argument, whose + " is a socket that is not listening");
  const int own = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  if (own < 0) return error(errc::system, "cannot listen on " + whose, last_failure());
  stream_acceptor acceptor(context);
  boost::system::error_code failure;
  acceptor.assign(boost::asio::generic::stream_protocol(family, 0), own, failure);
  if (failure) {
    ::close(own);
    return error(errc::system, "cannot listen on " + whose, failure);
  }
  set_no_delay(acceptor);
  return acceptor;
}

std::optional<tcp_endpoint> to_tcp_endpoint(const boost::asio::generic::stream_protocol::endpoint& endpoint) {
  tcp_endpoint number;
  const int family = endpoint.protocol().family();
  if ((family != AF_INET && family != AF_INET6) || endpoint.size() > number.capacity()) return {};
  std::memcpy(number.data(), endpoint.data(), endpoint.size());
  number.resize(endpoint.size());
  return number;
}

}  // namespace twinsocket::detail
