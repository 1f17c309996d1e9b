#include "client/way.hpp"

#include <unistd.h>

#include <boost/asio/local/stream_protocol.hpp>
#include <optional>
#include <utility>

#include "client/latch.hpp"
#include "client/look_up.hpp"
#include "client/proxy_address.hpp"
#include "client/reach.hpp"
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
using found_socket = result<stream_socket>;

/// State of a call of the user's dialer. The dialer may finish after the connect call has been interrupted.
struct dialled {
  latch done;
  std::optional<result<int>> given;
  bool abandoned = false;
};

task<void> dial_into(std::shared_ptr<dialled> to, task<result<int>> work) {
  auto given = co_await std::move(work);
  if (to->abandoned) {
    if (given) ::close(*given);
    co_return;
  }
  to->given.emplace(std::move(given));
  to->done.open();
}

/// The host with its zone, as getaddrinfo() takes it.
std::string host_with_zone(const url& address) {
  return address.zone().empty() ? address.host() : address.host() + "%" + address.zone();
}

task<found_socket> by_users_function(const url& address, const native::connect_options& options, interruption& limit) {
  const auto state = std::make_shared<dialled>();
  spawn(dial_into(state, options.dialler()(host_with_zone(address), address.port())));
  limit.ends([state] { state->done.open(); });
  latch& done = state->done;
  co_await done;
  limit.rest();
  if (!state->given) {
    state->abandoned = true;
    co_return limit.or_else("dialling " + address.authority(), {});
  }
  if (!*state->given) co_return state->given->error();
  auto& context = event_loop::current().context();
  co_return adopt_socket(context, **state->given, "the descriptor returned by the function of dial_with()");
}

task<found_socket> by_unix_socket(const std::string& path, interruption& limit) {
  asio::local::stream_protocol::endpoint endpoint;
  // The constructor throws if the path is too long.
  if (path.size() >= endpoint.capacity() - sizeof(sa_family_t))
    co_return error(errc::invalid_argument, "the path \"" + path.substr(0, 200) + "\" is too long for a Unix-domain socket");
  endpoint = asio::local::stream_protocol::endpoint(path);
  stream_socket socket(event_loop::current().context().get_executor());
  limit.ends([&socket] {
    boost::system::error_code ignored;
    socket.close(ignored);
  });
  const stream_socket::endpoint_type generic(endpoint);
  const auto failure = co_await socket.async_connect(generic, use_task);
  limit.rest();
  if (failure) co_return limit.or_else("connecting to " + path, error(errc::connect_failed, path, failure));
  co_return found_socket(std::move(socket));
}

task<found_socket> by_address(std::string host, std::uint16_t port, std::string where, interruption& limit) {
  auto addresses = co_await look_up(std::move(host), port, limit);
  if (!addresses) co_return addresses.error();
  co_return co_await reach(std::move(*addresses), std::move(where), limit);
}

result<std::optional<proxy_address>> proxy_of(const url& address, const native::connect_options& options) {
  if (!options.proxy()) return proxy_for(address, proxy_environment::of_process());
  if (options.proxy()->empty()) return std::optional<proxy_address>();
  auto named = parse_proxy(*options.proxy());
  if (!named) return named.error();
  return std::optional<proxy_address>(std::move(*named));
}

void guard(interruption& limit, byte_stream& stream) {
  limit.ends([&stream] {
    boost::system::error_code ignored;
    stream.socket().close(ignored);
  });
}

/// `host` is the name or address that the certificate must be valid for.
task<result<void>> speak_tls(byte_stream& stream, std::string host, const tls_options& options, interruption& limit) {
  const auto context = tls_context::for_client(options);
  if (!context) co_return context.error();
  const auto secured = co_await stream.secure(make_client_engine(**context, host));
  if (secured) co_return result<void>();
  co_return limit.or_else("the TLS handshake with " + host, secured.error());
}

// The TLS options for a proxy: without the server name and the client certificate, which are for the server.
tls_options for_proxy(const tls_options& options) {
  tls_options trusting;
  for (const std::string& file : options.ca_files()) trusting.ca_file(file);
  trusting.ca_pem(options.ca_pem());
  if (!options.verifies()) trusting.insecure_skip_verify();
  return trusting;
}

}  // namespace

task<result<std::unique_ptr<byte_stream>>> find_way(const url& address, const native::connect_options& options,
                                                    interruption& limit) {
  std::optional<proxy_address> proxy;
  found_socket socket = error(errc::ok);
  const std::string where = address.authority();
  if (options.dialler()) {
    socket = co_await by_users_function(address, options, limit);
  } else if (!options.unix_socket().empty()) {
    socket = co_await by_unix_socket(options.unix_socket(), limit);
  } else {
    auto found = proxy_of(address, options);
    if (!found) co_return found.error();
    proxy = std::move(*found);
    if (proxy) {
      socket = co_await by_address(proxy->host, proxy->port, "the proxy " + proxy->text(), limit);
    } else {
      socket = co_await by_address(host_with_zone(address), address.port(), where, limit);
    }
  }
  if (!socket) co_return socket.error();

  auto stream = std::make_unique<byte_stream>(std::move(*socket));
  guard(limit, *stream);
  boost::system::error_code ignored;
  stream->socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  if (proxy) {
    if (proxy->speaks == proxy_address::protocol::https) {
      const auto secured = co_await speak_tls(*stream, proxy->host.substr(0, proxy->host.find('%')), for_proxy(options.tls()), limit);
      if (!secured) co_return secured.error();
    }
    const auto open = co_await tunnel_to(*stream, *proxy, address.host(), address.port());
    if (!open) co_return limit.or_else("opening a tunnel through the proxy " + proxy->text(), open.error());
  }
  if (address.secure()) {
    url_host name{.name = address.host(), .zone = {}};
    if (const std::string& other = options.tls().server_name(); !other.empty()) {
      name.name = other;
      // Converts an internationalised name to ASCII. An IPv6 address is written without brackets here.
      if (url_host ascii; parse_host(other, domain_to_ascii, ascii).empty()) name.name = std::move(ascii.name);
    }
    const auto secured = co_await speak_tls(*stream, name.name, options.tls(), limit);
    if (!secured) co_return secured.error();
    tell_log(options.common().log(), log_level::debug, "tls established", "with " + name.name, address);
  }
  co_return std::move(stream);
}

}  // namespace twinsocket::detail
