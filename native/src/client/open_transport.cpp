#include "client/open_transport.hpp"

#include <unistd.h>

#include <boost/asio/local/stream_protocol.hpp>
#include <optional>
#include <utility>

#include "client/happy_eyeballs.hpp"
#include "client/one_shot_event.hpp"
#include "client/proxy_address.hpp"
#include "client/resolver.hpp"
#include "client/tunnel.hpp"
#include "connection/client_log.hpp"
#include "tls/openssl_engine.hpp"
#include "transport/event_loop.hpp"
#include "twinsocket/native/asio.hpp"
#include "url/host.hpp"

namespace twinsocket::detail {

namespace {

namespace asio = boost::asio;
using native::use_task;
using socket_result = result<stream_socket>;

/// State of a call of the user's dialer. The dialer may finish after the connect call was cancelled.
struct socket_factory_call {
  one_shot_event done;
  std::optional<result<int>> given;
  bool abandoned = false;
};

task<void> run_socket_factory(std::shared_ptr<socket_factory_call> to, task<result<int>> work) {
  auto given = co_await std::move(work);
  if (to->abandoned) {
    if (given) ::close(*given);
    co_return;
  }
  to->given.emplace(std::move(given));
  to->done.set();
}

/// The host with its zone, as getaddrinfo() takes it.
std::string host_with_zone(const url& address) {
  return address.zone().empty() ? address.host() : address.host() + "%" + address.zone();
}

task<socket_result> connect_by_factory(const url& address, const client_options& options,
                                       connect_cancellation& cancellation) {
  const auto state = std::make_shared<socket_factory_call>();
  spawn(run_socket_factory(state, options.socket_factory()(host_with_zone(address), address.port())));
  cancellation.set_handler([state] { state->done.set(); });
  one_shot_event& done = state->done;
  co_await done;
  cancellation.clear_handler();
  if (!state->given) {
    state->abandoned = true;
    co_return cancellation.error_or("dialing " + address.authority(), {});
  }
  if (!*state->given) co_return state->given->error();
  auto& context = event_loop::current().context();
  co_return adopt_socket(context, **state->given, "the descriptor returned by the function of socket_factory()");
}

task<socket_result> connect_unix_socket(const std::string& path, connect_cancellation& cancellation) {
  asio::local::stream_protocol::endpoint endpoint;
  // The constructor throws if the path is too long.
  if (path.size() >= endpoint.capacity() - sizeof(sa_family_t))
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
