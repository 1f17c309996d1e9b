#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <memory>
#include <utility>
#include <vector>

#include "client/answer.hpp"
#include "deflate/compression.hpp"
#include "protocol/handshake.hpp"
#include "tls/openssl_engine.hpp"
#include "transport/event_loop.hpp"
#include "transport/transports.hpp"
#include "twinsocket/connect.hpp"
#include "twinsocket/handshake_answer.hpp"
#include "twinsocket/native/asio.hpp"
#include "twinsocket/native/connect_options.hpp"
#include "twinsocket/url.hpp"

namespace twinsocket {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using detail::event_loop;
using detail::tcp_socket;
using native::use_task;
using resolver = asio::ip::basic_resolver<asio::ip::tcp, asio::io_context::executor_type>;

constexpr std::size_t header_limit = 16 * kib;
// As much of a refusal's body as is kept for the error.
constexpr std::size_t body_limit = 1 * kib;

// Cancels what a connection attempt waits for once its time is over, or its caller gives up.
class deadline final : detail::timer, detail::cancellable {
 public:
  deadline(event_loop& loop, const connect_options& options, resolver& names, detail::stream_socket& socket)
      : names_(names), socket_(socket) {
    loop.arm(*this, loop.now() + options.time_limit());
    if (options.stop()) options.stop()->add(*this);
  }
  [[nodiscard]] bool passed() const noexcept { return passed_; }
  [[nodiscard]] bool cancelled() const noexcept { return cancelled_; }

 private:
  void on_time(detail::time_point) override {
    passed_ = true;
    cut();
  }
  void on_cancel() override {
    cancelled_ = true;
    cut();
  }
  void cut() {
    names_.cancel();
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

  resolver& names_;
  detail::stream_socket& socket_;
  bool passed_ = false;
  bool cancelled_ = false;
};

http::request<http::empty_body> upgrade_request(const url& address, const std::string& key,
                                                const native::connect_options& options) {
  http::request<http::empty_body> request(http::verb::get, address.target(), 11);
  request.set(http::field::host, address.authority());
  request.set(http::field::upgrade, "websocket");
  request.set(http::field::connection, "Upgrade");
  request.set(http::field::sec_websocket_key, key);
  request.set(http::field::sec_websocket_version, "13");
  std::string offered;
  for (const std::string& name : options.common().subprotocols())
    offered.append(offered.empty() ? "" : ", ").append(name);
  if (!offered.empty()) request.set(http::field::sec_websocket_protocol, offered);
  if (options.compression().enabled())
    request.set(http::field::sec_websocket_extensions,
                detail::deflate_offer(detail::wishes_of(options.compression(), detail::role::client)));
  return request;
}

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

error refusal(const http::response<http::string_body>& answer) {
  std::string text = "the server answered " + std::to_string(answer.result_int()) + " " + std::string(view(answer.reason()));
  std::string body = answer.body().substr(0, body_limit);
  if (!body.empty()) text += ": " + body;
  std::vector<handshake_answer::header_field> headers;
  for (const auto& field : answer) headers.emplace_back(view(field.name_string()), view(field.value()));
  return error(errc::handshake_failed, std::move(text))
      .answer(std::make_shared<handshake_answer>(static_cast<int>(answer.result_int()), std::move(headers), std::move(body)));
}

}  // namespace

task<result<connection>> connect(std::string address, connect_options options) {
  return native::connect(std::move(address), std::move(options));
}

task<result<connection>> native::connect(std::string address_text, native::connect_options all) {
  const twinsocket::connect_options& options = all.common();
  const result<url> parsed = url::parse(address_text);
  if (!parsed) co_return parsed.error();
  const url& address = *parsed;
  for (const std::string& name : options.subprotocols())
    if (!detail::is_token(name)) co_return error(errc::invalid_argument, "the subprotocol \"" + name + "\" is not a token");
  if (std::string wrong = detail::flaw(all.compression()); !wrong.empty())
    co_return error(errc::invalid_argument, std::move(wrong));

  event_loop& loop = event_loop::current();
  detail::byte_stream stream(tcp_socket(loop.context().get_executor()));
  resolver names(loop.context().get_executor());
  if (options.stop() && options.stop()->cancelled()) co_return error(errc::cancelled, "connecting to " + address.authority());
  const deadline limit(loop, options, names, stream.socket());
  const std::string where = address.authority();
  const auto failed = [&](errc code, const std::string& doing, const boost::system::error_code& cause) -> error {
    if (limit.cancelled()) return {errc::cancelled, doing + " " + where};
    if (limit.passed())
      return {errc::timed_out, doing + " " + where + ", the limit is " + std::to_string(options.time_limit().count()) + " ms"};
    return {code, where, cause};
  };

  const std::string port = std::to_string(address.port());
  auto [unknown, endpoints] = co_await names.async_resolve(address.host(), port, use_task);
  if (unknown) co_return failed(errc::resolve_failed, "looking up", unknown);

  boost::system::error_code unreached = asio::error::not_found;
  for (const auto& entry : endpoints) {
    boost::system::error_code closed;
    if (limit.passed() || limit.cancelled()) break;
    stream.socket().close(closed);
    const asio::generic::stream_protocol::endpoint endpoint(entry.endpoint());
    unreached = co_await stream.socket().async_connect(endpoint, use_task);
    if (!unreached) break;
  }
  if (unreached) co_return failed(errc::connect_failed, "connecting to", unreached);
  boost::system::error_code ignored;
  stream.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  if (address.secure()) {
    const auto context = detail::tls_context::for_client(all.tls());
    if (!context) co_return context.error();
    const auto secured = co_await stream.secure(detail::make_client_engine(**context, all.tls().server_name().empty() ? address.host() : all.tls().server_name()));
    if (!secured) co_return secured.error();
  }

  const std::string key = detail::make_key(detail::random_bytes);
  const auto request = upgrade_request(address, key, all);
  auto [unsent, sent] = co_await http::async_write(stream, request, use_task);
  if (unsent) co_return failed(errc::handshake_failed, "asking", unsent);

  boost::beast::basic_flat_buffer<std::allocator<char>> buffer(header_limit + body_limit);
  http::response_parser<http::string_body> parser;
  parser.header_limit(header_limit);
  parser.body_limit(body_limit);
  auto [unanswered, header_size] = co_await http::async_read_header(stream, buffer, parser, use_task);
  if (unanswered) co_return failed(errc::handshake_failed, "waiting for the answer of", unanswered);
  if (parser.get().result() != http::status::switching_protocols) {
    [[maybe_unused]] auto [cut_off, body_size] = co_await http::async_read(stream, buffer, parser, use_task);
    co_return refusal(parser.get());
  }
  const auto opened = detail::check_answer(parser.get().base(), key, all);
  if (!opened) co_return opened.error();

  detail::session_options session{.self = detail::role::client,
                                  .random = detail::random_bytes,
                                  .limits = options.limits(),
                                  .keepalive = options.keepalive()};
  if (opened->compression) session.compression = detail::make_setup(all.compression(), *opened->compression);
  const auto rest = buffer.data();
  co_return connection(detail::start_transport(std::move(stream), session, opened->subprotocol,
                                         {static_cast<std::byte*>(rest.data()), rest.size()}));
}

}  // namespace twinsocket
