#include "server/acceptor.hpp"

#include <sys/socket.h>

#include <boost/asio/ip/v6_only.hpp>
#include <cerrno>

namespace twinsocket::detail {

namespace {

void share_port(tcp_acceptor& acceptor, boost::system::error_code& failure) {
  const int on = 1;
  if (::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
    failure.assign(errno, boost::system::system_category());
}

}  // namespace

result<tcp_endpoint> find_endpoint(boost::asio::io_context& context, const std::string& address, std::uint16_t port) {
  boost::system::error_code failure;
  const auto number = boost::asio::ip::make_address(address, failure);
  if (!failure) return tcp_endpoint(number, port);
  // This name is always the loopback address, whatever a resolver says or does not say (RFC 6761 section 6.3).
  if (address == "localhost") return tcp_endpoint(boost::asio::ip::address_v4::loopback(), port);
  boost::asio::ip::basic_resolver<boost::asio::ip::tcp, boost::asio::io_context::executor_type> names(context);
  const auto found = names.resolve(address, std::to_string(port), boost::asio::ip::resolver_base::passive, failure);
  if (failure || found.empty()) return error(errc::resolve_failed, "\"" + address + "\" to listen on", failure);
  return found.begin()->endpoint();
}

result<tcp_acceptor> open_acceptor(boost::asio::io_context& context, const tcp_endpoint& where, sharing how) {
  tcp_acceptor acceptor(context);
  boost::system::error_code failure;
  const auto unless_failed = [&](auto&& step) {
    if (!failure) step();
  };
  unless_failed([&] { acceptor.open(where.protocol(), failure); });
  // What a server that has just ended leaves behind does not hold the port.
  unless_failed([&] { acceptor.set_option(tcp_acceptor::reuse_address(true), failure); });
  unless_failed([&] {
    if (where.address().is_v6()) acceptor.set_option(boost::asio::ip::v6_only(false), failure);
  });
  // The first one takes the port without sharing it: another server that shares its own port is then found too.
  unless_failed([&] {
    if (how == sharing::next) share_port(acceptor, failure);
  });
  unless_failed([&] { acceptor.bind(where, failure); });
  unless_failed([&] {
    if (how == sharing::first) share_port(acceptor, failure);
  });
  unless_failed([&] { acceptor.listen(tcp_acceptor::max_listen_connections, failure); });
  if (failure) return error(errc::system, "cannot listen on " + to_text(where), failure);
  return acceptor;
}

std::string to_text(const tcp_endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port());
}

}  // namespace twinsocket::detail
