#include <algorithm>
#include <array>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <memory>
#include <new>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "client/connect_call.hpp"
#include "client/connect_cancellation.hpp"
#include "client/handshake_request.hpp"
#include "client/handshake_response.hpp"
#include "client/open_transport.hpp"
#include "client/redirect.hpp"
#include "connection/client_log.hpp"
#include "deflate/compression.hpp"
#include "protocol/handshake.hpp"
#include "transport/event_loop.hpp"
#include "transport/random_bytes.hpp"
#include "transport/socket_timeout.hpp"
#include "transport/start_transport.hpp"
#include "twinsocket/connect.hpp"
#include "twinsocket/handshake_response.hpp"
#include "twinsocket/native/asio.hpp"
#include "twinsocket/native/client_options.hpp"
#include "twinsocket/url.hpp"

namespace twinsocket {

namespace {

namespace http = boost::beast::http;
using detail::connect_cancellation;
using detail::event_loop;
using detail::http_stream;
using native::use_task;
using namespace std::chrono_literals;
using response_parser = http::response_parser<http::buffer_body>;
using flat_buffer = boost::beast::basic_flat_buffer<std::allocator<char>>;

constexpr std::size_t header_limit = 16 * kib;
// How much of the body of a failed response is read for the error, and for how long.
constexpr std::size_t body_limit = 1 * kib;
constexpr auto body_timeout = 1s;

/// The result of one handshake request: an error, a redirect target, or a connection.
using outcome = std::variant<error, url, std::shared_ptr<detail::wire_connection>>;

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

// The connection is not used afterwards, so errors are ignored; they only shorten the body.
task<std::string> read_body(http_stream& stream, flat_buffer& buffer, response_parser& parser) {
  detail::socket_timeout limit(stream.socket());
  limit.set(body_timeout);
  std::array<char, body_limit> body;
  parser.get().body().data = body.data();
  parser.get().body().size = body.size();
  parser.get().body().more = true;
  [[maybe_unused]] auto [ended, size] = co_await http::async_read(stream, buffer, parser, use_task);
  co_return std::string(body.data(), body.size() - parser.get().body().size);
}

error refusal(const http::response_header<>& response, std::string body) {
  std::string text =
      "the server answered " + std::to_string(response.result_int()) + " " + std::string(view(response.reason()));
  if (!body.empty()) text += ": " + body;
  std::vector<handshake_response::header_field> headers;
  for (const auto& field : response) headers.emplace_back(view(field.name_string()), view(field.value()));
  return error(errc::handshake_failed, std::move(text))
      .response(std::make_shared<handshake_response>(static_cast<int>(response.result_int()), std::move(headers),
                                                     std::move(body)));
}

// RFC 9112 section 4 requires a space after the status code even without a reason phrase, and so does the parser, but some
// servers omit it. Inserts the space. True if it did.
bool complete_status_line(flat_buffer& buffer) {
  const std::string text(static_cast<const char*>(buffer.data().data()), buffer.size());
  constexpr std::size_t size = std::string_view("HTTP/1.1 101").size();
  if (!text.starts_with("HTTP/1.") || text.find("\r\n") != size || buffer.size() >= buffer.max_size()) return false;
  buffer.clear();
  const std::string completed = text.substr(0, size) + " " + text.substr(size);
  boost::asio::buffer_copy(buffer.prepare(completed.size()), boost::asio::buffer(completed));
  buffer.commit(completed.size());
  return true;
}

// True for a TLS record (RFC 8446 section 5.1) with an alert or the start of a handshake.
bool is_tls(const flat_buffer& buffer) {
  const auto* const bytes = static_cast<const unsigned char*>(buffer.data().data());
  return buffer.size() >= 2 && (bytes[0] == 0x15 || bytes[0] == 0x16) && bytes[1] == 3;
}

// RFC 9110 section 15.2: interim responses may precede the final response and are ignored.
bool is_interim(unsigned status) { return status / 100 == 1 && status != 101; }

void store_cookies(const url& from, const http::response_header<>& response, native::cookie_jar& jar) {
  const auto [first, end] = response.equal_range(http::field::set_cookie);
  for (auto field = first; field != end; ++field) jar.store(from, view(field->value()));
}

task<outcome> perform_handshake(const url& address, const client_options& options, bool follow_redirects,
                                connect_cancellation& cancellation) {
  detail::log_event(options.common().log(), log_level::debug, "connecting", {}, address);
  auto transport = co_await detail::open_transport(address, options, cancellation);
  if (!transport) co_return outcome(transport.error());
  http_stream& stream = **transport;
  const std::string where = address.authority();
  const std::string key = detail::make_key(detail::random_bytes);
  const auto request = detail::make_handshake_request(address, key, options);
  auto [write_error, sent] = co_await http::async_write(stream, request, use_task);
  if (write_error) {
    auto failure = stream.tls_failure().value_or(error(errc::handshake_failed, where, write_error));
    co_return outcome(cancellation.error_or("sending the request to " + where, std::move(failure)));
  }

  flat_buffer buffer(header_limit + body_limit);
  std::optional<response_parser> parser;
  do {
    parser.emplace();
    parser->header_limit(header_limit);
    parser->body_limit(boost::none);
    auto [read_error, header_size] = co_await http::async_read_header(stream, buffer, *parser, use_task);
    if (read_error == http::error::bad_status && complete_status_line(buffer)) continue;
    if (read_error) {
      if (!address.secure() && is_tls(buffer))
        co_return outcome(error(errc::handshake_failed, where + " speaks TLS: use a wss:// URL"));
      auto failure = stream.tls_failure().value_or(error(errc::handshake_failed, where, read_error));
      co_return outcome(cancellation.error_or("waiting for the response of " + where, std::move(failure)));
    }
  } while (!parser->is_header_done() || is_interim(parser->get().result_int()));
  const http::response_header<>& response = parser->get();
  if (options.cookies()) store_cookies(address, response, *options.cookies());
  if (follow_redirects && detail::is_redirect(response.result_int()) && response.count(http::field::location) != 0) {
    auto to = detail::resolve_redirect(address, view(response[http::field::location]));
    if (!to) co_return outcome(to.error());
    detail::log_event(options.common().log(), log_level::info, "redirected",
                      "to " + to->authority() + to->target().substr(0, to->target().find('?')), address);
    co_return outcome(std::move(*to));
  }
  if (response.result() != http::status::switching_protocols) {
    std::string body = co_await read_body(stream, buffer, *parser);
    co_return outcome(refusal(response, std::move(body)));
  }
  const auto opened = detail::check_handshake_response(response, key, options);
  if (!opened) co_return outcome(opened.error());

  const twinsocket::connect_options& common = options.common();
  detail::session_options session{.self = detail::role::client,
                                  .random = detail::random_bytes,
                                  .limits = common.limits(),
                                  .keepalive = common.keepalive()};
  if (opened->compression)
    session.compression = detail::make_compression_setup(options.compression(), *opened->compression);
  const auto rest = buffer.data();
  co_return outcome(detail::start_transport(std::move(stream), session, opened->subprotocol,
                                            {static_cast<std::byte*>(rest.data()), rest.size()}));
}

// On return `address` is that of the last server, after redirects.
task<result<std::shared_ptr<detail::wire_connection>>> open_with_redirects(url& address, client_options options) {
  if (const auto usable = detail::check_options(options); !usable) co_return usable.error();
  connect_cancellation cancellation(event_loop::current(), options.common());
  if (cancellation.requested()) co_return cancellation.error_or("connecting to " + address.authority(), {});
  for (unsigned redirects = 0;; ++redirects) {
    outcome handshake = co_await perform_handshake(address, options, options.max_redirects() != 0, cancellation);
    cancellation.clear_handler();  // The stream that its callback would close is destroyed.
    if (auto* const opened = std::get_if<std::shared_ptr<detail::wire_connection>>(&handshake))
      co_return std::move(*opened);
    if (const auto* const failed = std::get_if<error>(&handshake)) co_return *failed;
    const url& next = std::get<url>(handshake);
    if (redirects == options.max_redirects())
      co_return error(errc::handshake_failed, address.authority() + " redirects to " + next.authority() +
                                                  ", the limit is " + std::to_string(options.max_redirects()) +
                                                  " redirects");
    options = detail::redirect_options(std::move(options), address, next);
    address = next;
  }
}

task<result<connection>> do_connect(std::string address_text, client_options options) {
  const log_hook log = options.common().log();
  result<url> parsed = url::parse(address_text);
  if (!parsed) {
    detail::log_failure(log, parsed.error(), nullptr);
    co_return parsed.error();
  }
  auto opened = co_await open_with_redirects(*parsed, std::move(options));
  if (!opened) {
    detail::log_failure(log, opened.error(), &*parsed);
    co_return opened.error();
  }
  detail::log_opened(log, *opened, *parsed);
  co_return connection(std::move(*opened));
}

}  // namespace

task<result<connection>> connect(std::string address, connect_options options) {
  return native::connect(std::move(address), std::move(options));
}

task<result<connection>> native::connect(std::string address, client_options options) {
  try {
    detail::connect_call call(std::move(address), std::move(options), do_connect);
    co_await call.outcome().ended().wait();
    co_return call.outcome().take();
  } catch (const std::bad_alloc&) {
  }
  co_return error(errc::system, "out of memory");
}

}  // namespace twinsocket
