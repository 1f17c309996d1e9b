#include "server/http_connection.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <utility>

#include "http/target.hpp"
#include "server/exception_text.hpp"
#include "server/forwarded.hpp"
#include "server/request_check.hpp"
#include "server/response_head.hpp"
#include "server/response_stream.hpp"
#include "session/closing_handshake.hpp"
#include "tls/openssl_engine.hpp"
#include "twinsocket/native/asio.hpp"

namespace twinsocket::detail {

namespace {

namespace http = boost::beast::http;
using native::use_task;
using namespace std::chrono_literals;

// Size of the first read. Most request headers fit.
constexpr std::size_t first_read = 2 * kib;
// Maximum of empty lines that are skipped before a request (RFC 9112 section 2.2).
constexpr int max_empty_lines = 16;
// Buffer space for content, in addition to that for the header.
constexpr std::size_t content_buffer_size = 16 * kib;
// Upper bound of linger() while the server is full or stops.
constexpr std::chrono::milliseconds short_linger = 1s;

}  // namespace

http_connection::http_connection(server_context& server, server_metrics& metrics, connection_record& record,
                                 connection_limiter::lease& lease, stream_socket socket,
                                 const stream_socket::endpoint_type& peer)
    : server_(server),
      metrics_(metrics),
      record_(record),
      lease_(lease),
      stream_(std::move(socket)),
      timeout_(stream_.socket()),
      buffer_(2 * server.options.max_header_size + content_buffer_size),
      remote_address_(text_of(peer)),
      from_proxy_(server.proxies.trusts(peer)) {
  record_.set_http(this);
}

http_connection::~http_connection() {
  record_.set_http(nullptr);
  if (stream_.is_secure()) stream_.end();
}

void http_connection::stop() {
  if (streaming_)
    streaming_->stop();
  else if (!busy_)
    abort();
}

void http_connection::abort() {
  boost::system::error_code ignored;
  stream_.socket().close(ignored);
}

void http_connection::set_streaming(stop_observer* answer) noexcept {
  streaming_ = answer;
  if (streaming_ && record_.stopping()) streaming_->stop();
}

task<const websocket_route*> http_connection::serve() {
  step now = co_await secure();
  if (now != step::done) co_return nullptr;
  for (bool first = true; now == step::done && (first || keep_alive_) && !record_.stopping(); first = false) {
    busy_ = false;
    // The next request may come from another client of the proxy.
    if (from_proxy_) static_cast<void>(lease_.set_address(std::nullopt));
    if (!first && buffer_.size() == 0 && !stream_.pending()) {
      buffer_ = boost::beast::flat_buffer(buffer_.max_size());
      timeout_.set(server_.options.idle_timeout);
      const auto failure = co_await stream_.socket().async_wait(stream_socket::wait_read, use_task);
      if (failure) co_return nullptr;
    }
    now = co_await read_header();
    if (now == step::done) now = route_request();
    bool answered = false;
    if (now == step::done && !server_.middleware.empty()) now = co_await run_middleware(answered);
    if (now == step::done && answered) continue;
    if (now == step::done && route_->websocket && is_websocket_upgrade(*req_)) {
      now = co_await open();
      if (now == step::done) co_return &*route_->websocket;
    } else if (now == step::done) {
      const http_handler* const to = handler();
      if (!to || !to->reads_body()) now = co_await read_content();
      if (now == step::done && to) {
        now = co_await respond_with(*to);
      } else if (now == step::done) {
        now = co_await respond();
      }
    }
  }
  if (now == step::refuse) {
    keep_alive_ = false;
    now = co_await send(refusal_);
  }
  busy_ = false;
  if (now != step::end) co_await linger(linger_timeout());
  co_return nullptr;
}

task<void> http_connection::reject_over_limit() {
  keep_alive_ = false;
  const step secured = co_await secure();
  timeout_.clear();
  if (secured != step::done) co_return;
  const response full = over_limit_response();
  const step sent = co_await send(full);
  if (sent == step::done) co_await linger(short_linger);
}

// One timeout covers the TLS handshake and the first request.
task<http_connection::step> http_connection::secure() {
  if (!server_.certificate.is_set()) co_return step::done;
  timeout_.set(server_.options.websockets.limits().handshake_timeout());
  timed_ = true;
  const auto context = server_.certificate.current();
  std::array<char, 1> first{};
  boost::system::error_code failure = co_await stream_.socket().async_wait(stream_socket::wait_read, use_task);
  if (!failure) stream_.socket().receive(boost::asio::buffer(first), boost::asio::socket_base::message_peek, failure);
  if (failure) co_return step::end;
  // An HTTP method begins with a letter, a TLS handshake does not.
  if (first[0] >= 'A' && first[0] <= 'Z') {
    co_await reject_plain_http();
    co_return step::end;
  }
  const auto secured = co_await stream_.secure(make_server_engine(*context));
  if (secured) {
    certificate_ = stream_.peer_certificate();
    co_return step::done;
  }
  const std::string why =
      timeout_.expired() ? "it took longer than " +
                               std::to_string(server_.options.websockets.limits().handshake_timeout().count()) + " ms"
                         : secured.error().message();
  metrics_.tls_failures.add();
  server_.log({log_level::info, "tls failed", why, remote_address_, {}});
  // Lingers so that the TLS alert reaches the client.
  if (!timeout_.expired()) co_await linger(short_linger);
  co_return step::end;
}

task<void> http_connection::reject_plain_http() {
  server_.log({log_level::info, "tls failed", "the client speaks HTTP without TLS", remote_address_, {}});
  keep_alive_ = false;
  const response wrong = refusal(400, "this port speaks TLS: use https:// or wss://");
  const step sent = co_await send(wrong);
  if (sent == step::done) co_await linger(linger_timeout());
}

// Some old clients send an empty line between the content of a request and the next request. The parser rejects those beyond
// the limit.
task<boost::system::error_code> http_connection::skip_empty_lines() {
  for (int skipped = 0; skipped < max_empty_lines;) {
    const auto bytes = buffer_.data();
    const std::string_view begun(static_cast<const char*>(bytes.data()), bytes.size());
    if (begun.starts_with("\r\n")) {
      buffer_.consume(2);
      ++skipped;
    } else if (begun.empty() || begun == "\r") {
      auto [failure, count] = co_await stream_.async_read_some(buffer_.prepare(first_read), use_task);
      buffer_.commit(count);
      if (failure) co_return failure;
    } else {
      break;
    }
  }
  co_return boost::system::error_code();
}

task<http_connection::step> http_connection::read_header() {
  req_ = std::make_unique<request>();
  extra_headers_.clear();
  continue_sent_ = false;
  content_wait_time_ = {};
  content_read_ = 0;
  request_builder::set_remote_address(*req_, remote_address_);
  request_builder::set_tls(*req_, stream_.is_secure(), certificate_);
  parser_.emplace(*req_);
  parser_->header_limit(static_cast<std::uint32_t>(server_.options.max_header_size));
  // The larger of the two limits. The one that applies depends on the route, which is not known yet.
  parser_->body_limit(std::max<std::uint64_t>(server_.options.max_body_size, server_.options.max_streamed_body_size));
  buffer_.reserve(std::min(first_read, buffer_.max_size()));
  if (!std::exchange(timed_, false)) timeout_.set(server_.options.websockets.limits().handshake_timeout());
  boost::system::error_code failure = co_await skip_empty_lines();
  if (!failure) failure = std::get<0>(co_await http::async_read_header(stream_, buffer_, *parser_, use_task));
  timeout_.clear();
  if (failure) co_return failed(failure);
  busy_ = true;
  keep_alive_ = parser_->keep_alive() && parser_->version() >= 11;
  if (auto why = check_request(*req_, *parser_)) co_return refuse(std::move(*why));
  if (from_proxy_)
    if (auto why = apply_forwarded(*req_, server_.proxies, lease_, metrics_)) co_return refuse(std::move(*why));
  co_return step::done;
}

task<http_connection::step> http_connection::read_content() {
  if (parser_->is_done()) co_return step::done;
  if (body_size().value_or(0) > server_.options.max_body_size)
    co_return refuse(parse_error_response(http::error::body_limit, *parser_));
  parser_->body_limit(server_.options.max_body_size);
  if (req_->header("Expect") && parser_->version() >= 11 && buffer_.size() == 0) {
    const step written = co_await write(continue_response);
    if (written != step::done) co_return written;
  }
  timeout_.set(server_.options.websockets.limits().handshake_timeout());
  auto [failure, count] = co_await http::async_read(stream_, buffer_, *parser_, use_task);
  timeout_.clear();
  if (failure) co_return failed(failure);
  co_return step::done;
}

http_connection::step http_connection::failed(const boost::system::error_code& failure) {
  if (timeout_.expired()) {
    if (!parser_->got_some() && buffer_.size() == 0) return step::end;
    return refuse(refusal(408, "the request took longer than " +
                                   std::to_string(server_.options.websockets.limits().handshake_timeout().count()) +
                                   " ms"));
  }
  const bool is_of_http = failure.category() == make_error_code(http::error::bad_method).category();
  if (!is_of_http || failure == http::error::end_of_stream || failure == http::error::partial_message) return step::end;
  return refuse(parse_error_response(failure, *parser_));
}

http_connection::step http_connection::refuse(response why) {
  const std::string_view reason = std::string_view(why.body()).substr(0, why.body().find('\n'));
  server_.log(log_level::info, is_websocket_upgrade(*req_) ? "upgrade refused" : "request refused",
              std::to_string(why.status()) + " " + std::string(reason), *req_);
  refusal_ = std::move(why);
  return step::refuse;
}

http_connection::step http_connection::route_request() {
  auto segments = path_segments(req_->path());
  if (!segments) return refuse(refusal(400, segments.error().detail()));
  segments_ = std::move(*segments);
  const router::match m = server_.routes.find(segments_);
  for (const auto& [name, value] : m.parameters) request_builder::add_parameter(*req_, name, value);
  if (m.found && !m.found->rest.empty()) request_builder::add_parameter(*req_, m.found->rest, m.rest);
  static const route nothing;
  route_ = m.found ? m.found : &nothing;
  return step::done;
}

const http_handler* http_connection::handler() const {
  if (const auto* known = route_->handler(req_->method())) return known;
  const bool has_none = !route_->websocket && !route_->files && route_->methods.empty();
  return has_none && server_.fallback ? &server_.fallback : nullptr;
}

task<http_connection::step> http_connection::respond() {
  const std::string_view method = req_->method();
  if (route_->files && (method == "GET" || method == "HEAD")) {
    const std::span<const std::string> below(segments_.begin() + static_cast<std::ptrdiff_t>(route_->pattern.size()),
                                             segments_.end());
    file_response found = route_->files->respond(*req_, below);
    if (found.head.status() == 404 && server_.fallback) co_return co_await respond_with(server_.fallback);
    co_return co_await send(std::move(found));
  }
  response none;
  if (route_->websocket && method == "GET") {
    none = *check_handshake(*req_, parser_->version(), false);
  } else if (const std::string allowed = route_->allowed(); !allowed.empty()) {
    none =
        refusal(405, std::string(method) + " is not allowed for " + std::string(req_->path())).header("Allow", allowed);
  } else {
    none = refusal(404, "there is no " + std::string(req_->path()));
  }
  co_return co_await send(none);
}

task<http_connection::step> http_connection::respond_with(const http_handler& handler) {
  if (handler.reads_body()) {
    if (body_size().value_or(0) > server_.options.max_streamed_body_size)
      co_return refuse(parse_error_response(http::error::body_limit, *parser_));
    parser_->body_limit(server_.options.max_streamed_body_size);
    parser_->set_content_buffer(piece_);
  }
  request_body body(*this);
  const response made = co_await call(handler, body);
  // Unread content would be parsed as the next request.
  if (!parser_->is_done()) keep_alive_ = false;
  co_return co_await send(made);
}

task<response> http_connection::call(const http_handler& handler, request_body& body) {
  std::string fault;
  try {
    response made = co_await handler(*req_, body);
    fault = find_invalid_header(made.headers());
    if (made.status() < 200 || made.status() > 599)
      fault = "the status " + std::to_string(made.status()) + " is not in the range from 200 to 599";
    if (fault.empty()) co_return made;
  } catch (...) {
    fault = exception_text();
  }
  metrics_.handler_failures.add();
  server_.log(log_level::error, "handler failed", fault, *req_);
  co_return refusal(500, "internal server error");
}

void http_connection::begin_response(const response& r) {
  metrics_.count_response(r.status());
  keep_alive_ = keep_alive_ && !record_.stopping();
  if (server_.options.log && req_) server_.log(log_level::debug, "answered", std::to_string(r.status()), *req_);
}

std::string http_connection::serialize_head(const response& r, std::optional<std::uint64_t> content_length,
                                            bool chunked) const {
  return serialize_response_head(r, {server_.options.headers, extra_headers_, content_length, chunked, keep_alive_});
}

task<http_connection::step> http_connection::send(const response& r) {
  if (r.writer()) co_return co_await send_stream(r);
  begin_response(r);
  const bool with_content = !has_no_content(r.status()) && !(req_ && req_->method() == "HEAD");
  std::string text = serialize_head(r, r.body().size());
  if (with_content && r.body().size() <= max_write_size) text += r.body();
  const step sent = co_await write(text);
  if (sent != step::done || !with_content || r.body().size() <= max_write_size) co_return sent;
  co_return co_await write(r.body());
}

task<http_connection::step> http_connection::send(file_response a) {
  if (!a.content) co_return co_await send(a.head);
  begin_response(a.head);
  // The header and the beginning of the file go into one write.
  std::string piece = serialize_head(a.head, a.size);
  if (req_->method() == "HEAD") a.size = 0;
  do {
    const std::size_t before = piece.size();
    const std::size_t wanted = std::min<std::uint64_t>(a.size, max_write_size);
    piece.resize(before + wanted);
    const auto count = a.content.read_at(a.first, std::span(piece).subspan(before));
    // The file is now shorter than the Content-Length that was sent. Only closing the connection tells the client.
    if (count < 0 || (count == 0 && wanted != 0)) co_return step::end;
    piece.resize(before + static_cast<std::size_t>(count));
    a.first += static_cast<std::uint64_t>(count);
    a.size -= static_cast<std::uint64_t>(count);
    const step sent = co_await write(piece);
    if (sent != step::done) co_return sent;
    piece.clear();
  } while (a.size != 0);
  co_return step::done;
}

task<http_connection::step> http_connection::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, max_write_size);
    timeout_.set(server_.options.idle_timeout);
    auto [failure, count] =
        co_await boost::asio::async_write(stream_, boost::asio::const_buffer(piece.data(), piece.size()), use_task);
    timeout_.clear();
    if (failure) co_return step::end;
    bytes.remove_prefix(count);
  }
  co_return step::done;
}

std::chrono::milliseconds http_connection::linger_timeout() const {
  const std::chrono::milliseconds close_timeout = server_.options.websockets.limits().close_timeout();
  return record_.stopping() ? std::min(short_linger, close_timeout) : close_timeout;
}

// Closing a socket with unread data sends a reset, which may destroy the last response in transit. So this reads and drops
// data until the client ends the connection. After max_dropped bytes it only waits. It returns after `time` at the latest.
task<void> http_connection::linger(std::chrono::milliseconds time) {
  boost::system::error_code failure;
  stream_.end();
  stream_socket& socket = stream_.socket();
  socket.non_blocking(true, failure);
  timeout_.set(time);
  const std::span<std::byte> dropped = event_loop::current().read_buffer();
  for (std::size_t total = 0; !failure;) {
    const auto event = total < max_dropped ? stream_socket::wait_read : stream_socket::wait_error;
    const auto gone = co_await socket.async_wait(event, use_task);
    if (gone) break;
    total += socket.receive(boost::asio::buffer(dropped.data(), dropped.size()), 0, failure);
    if (failure == boost::asio::error::would_block) failure = {};
  }
  timeout_.clear();
}

}  // namespace twinsocket::detail
