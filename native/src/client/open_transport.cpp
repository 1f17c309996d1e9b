#include "client/open_transport.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <optional>
#include <utility>

#include "client/happy_eyeballs.hpp"
#include "client/proxy_address.hpp"
#include "client/resolver.hpp"
#include "client/tunnel.hpp"
#include "connection/client_log.hpp"
#include "tls/openssl_engine.hpp"
#include "transport/background_call.hpp"
#include "transport/event_loop.hpp"
#include "twinsocket/native/asio.hpp"
#include "url/host.hpp"

namespace twinsocket::detail {

namespace {

namespace asio = boost::asio;
using native::use_task;
using socket_result = result<stream_socket>;

task<socket_result> dial(task<result<int>> work) {
  const auto given = co_await std::move(work);
  if (!given) co_return given.error();
  co_return adopt_socket(event_loop::current().context(), *given,
                         "the descriptor returned by the function of socket_factory()");
}

/// The host with its zone, as getaddrinfo() takes it.
std::string host_with_zone(const url& address) {
  return address.zone().empty() ? address.host() : address.host() + "%" + address.zone();
}

task<socket_result> connect_by_factory(const url& address, const client_options& options,
                                       connect_cancellation& cancellation) {
  // The dialer may finish after the connect call was cancelled.
  background_call<socket_result> call(dial(options.socket_factory()(host_with_zone(address), address.port())));
  co_await cancellation.wait(call.ended());
  if (!call.ended().is_set()) co_return cancellation.error_or("dialing " + address.authority(), {});
  co_return call.take();
}

task<socket_result> connect_unix_socket(const std::string& path, connect_cancellation& cancellation) {
  asio::local::stream_protocol::endpoint endpoint;
  // The constructor throws if the path is too long.
  if (path.size() >= endpoint.capacity() - endpoint.size())
    co_return error(errc::invalid_argument,
                    "the path \"" + path.substr(0, 200) + "\" is too long for a Unix-domain socket");
  endpoint = asio::local::stream_protocol::endpoint(path);
  stream_socket socket(event_loop::current().context().get_executor());
  cancellation.set_handler([&socket] {
    boost::system::error_code ignored;
    socket.close(ignored);
  });
  const stream_socket::endpoint_type generic(endpoint);
  const auto failure = co_await socket.async_connect(generic, use_task);
  cancellation.clear_handler();
  if (failure) co_return cancellation.error_or("connecting to " + path, error(errc::connect_failed, path, failure));
  co_return socket_result(std::move(socket));
}

task<socket_result> connect_tcp(std::string host, std::uint16_t port, std::string where,
                                connect_cancellation& cancellation) {
  auto addresses = co_await resolve(std::move(host), port, cancellation);
  if (!addresses) co_return addresses.error();
  co_return co_await happy_eyeballs_connect(std::move(*addresses), std::move(where), cancellation);
}

result<std::optional<proxy_address>> select_proxy(const url& address, const client_options& options) {
  if (!options.proxy()) return proxy_for(address, proxy_environment::from_process());
  if (options.proxy()->empty()) return std::optional<proxy_address>();
  auto configured = parse_proxy(*options.proxy());
  if (!configured) return configured.error();
  return std::optional<proxy_address>(std::move(*configured));
}

void close_on_cancellation(connect_cancellation& cancellation, http_stream& stream) {
  cancellation.set_handler([&stream] {
    boost::system::error_code ignored;
    stream.socket().close(ignored);
  });
}

/// `host` is the name or address that the certificate must be valid for.
task<result<void>> tls_handshake(http_stream& stream, std::string host, const tls_options& options,
                                 connect_cancellation& cancellation) {
  const auto context = tls_context::for_client(options);
  if (!context) co_return context.error();
  const auto secured = co_await stream.secure(make_client_engine(**context, host));
  if (secured) co_return result<void>();
  co_return cancellation.error_or("the TLS handshake with " + host, secured.error());
}

}  // namespace

task<result<std::unique_ptr<http_stream>>> open_transport(const url& address, const client_options& options,
                                                          connect_cancellation& cancellation) {
  std::optional<proxy_address> proxy;
  socket_result socket = error(errc::ok);
  const std::string where = address.authority();
  if (options.socket_factory()) {
    socket = co_await connect_by_factory(address, options, cancellation);
  } else if (!options.unix_socket().empty()) {
    socket = co_await connect_unix_socket(options.unix_socket(), cancellation);
  } else {
    auto found = select_proxy(address, options);
    if (!found) co_return found.error();
    proxy = std::move(*found);
    if (proxy) {
      socket = co_await connect_tcp(proxy->host, proxy->port, "the proxy " + proxy->text(), cancellation);
    } else {
      socket = co_await connect_tcp(host_with_zone(address), address.port(), where, cancellation);
    }
  }
  if (!socket) co_return socket.error();

  auto stream = std::make_unique<http_stream>(std::move(*socket));
  close_on_cancellation(cancellation, *stream);
  boost::system::error_code ignored;
  stream->socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  if (proxy) {
    if (proxy->kind == proxy_address::protocol::https) {
      const auto secured = co_await tls_handshake(*stream, proxy->host.substr(0, proxy->host.find('%')),
                                                  options.tls().without_identity(), cancellation);
      if (!secured) co_return secured.error();
    }
    const auto open = co_await open_tunnel(*stream, *proxy, address.host(), address.port());
    if (!open) co_return cancellation.error_or("opening a tunnel through the proxy " + proxy->text(), open.error());
  }
  if (address.secure()) {
    url_host name{.name = address.host(), .zone = {}};
    if (const std::string& other = options.tls().server_name(); !other.empty()) {
      name.name = other;
      // Converts an internationalised name to ASCII. An IPv6 address is written without brackets here.
      if (url_host ascii; parse_host(other, domain_to_ascii, ascii).empty()) name.name = std::move(ascii.name);
    }
    const auto secured = co_await tls_handshake(*stream, name.name, options.tls(), cancellation);
    if (!secured) co_return secured.error();
    log_event(options.common().log(), log_level::debug, "tls established", "with " + name.name, address);
  }
  co_return std::move(stream);
}

}  // namespace twinsocket::detail
