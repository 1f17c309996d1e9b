// The parts of http_connection that stream: request bodies and response bodies; also middleware and the redirect.

#include <boost/beast/http/read.hpp>
#include <exception>
#include <memory>
#include <utility>

#include "server/exception_text.hpp"
#include "server/hook_call.hpp"
#include "server/http_connection.hpp"
#include "server/https_redirect.hpp"
#include "server/request_check.hpp"
#include "server/response_head.hpp"
#include "server/response_stream.hpp"
#include "twinsocket/native/asio.hpp"

namespace twinsocket::detail {

namespace {

namespace http = boost::beast::http;
using native::use_task;

}  // namespace

task<void> http_connection::redirect() {
  step now = co_await read_header();
  if (now == step::done) {
    refusal_ = redirect_to_https(*req_, server_.secure_port);
    now = step::refuse;
  }
  keep_alive_ = false;
  if (now == step::refuse) now = co_await send(refusal_);
  busy_ = false;
  if (now != step::end) co_await linger(linger_timeout());
}

task<http_connection::step> http_connection::run_middleware(bool& answered) {
  const std::chrono::milliseconds limit = server_.options.websockets.request_hook_timeout();
  for (const request_handler<admission>& one : server_.middleware) {
    std::optional<response> instead;
    std::string fault;
    try {
      std::optional<admission> admitted = co_await call_hook(one, *req_, limit);
      if (!admitted) {
        instead = refusal(503, "middleware took longer than " + std::to_string(limit.count()) + " ms");
        server_.log(log_level::warning, "request refused", "503 middleware took too long", *req_);
      } else if (admitted->refused()) {
        fault = find_invalid_header(admitted->refusal().headers());
        if (fault.empty()) instead = admitted->refusal();
      } else {
        fault = find_invalid_header(admitted->headers());
        if (fault.empty())
          extra_headers_.insert(extra_headers_.end(), admitted->headers().begin(), admitted->headers().end());
        request_builder::attributes(*req_).merge(admitted->attributes());
      }
    } catch (...) {
      fault = exception_text();
    }
    if (!fault.empty()) {
      metrics_.handler_failures.add();
      server_.log(log_level::error, "middleware failed", fault, *req_);
      instead = refusal(500, "internal server error");
    }
    if (!instead) continue;
    answered = true;
    if (!parser_->is_done()) keep_alive_ = false;
    co_return co_await send(*instead);
  }
  co_return step::done;
}

std::optional<std::uint64_t> http_connection::body_size() const {
  const auto length = parser_->content_length();
  if (!length) return {};
  return *length;
}

task<result<std::string_view>> http_connection::read_some() {
  piece_.clear();
  if (parser_->is_done()) co_return std::string_view();
  if (!std::exchange(continue_sent_, true) && req_->header("Expect") && parser_->version() >= 11 &&
      buffer_.size() == 0) {
    const step written = co_await write(continue_response);
    if (written != step::done) co_return error(errc::closed, "the client has disconnected");
  }
  // A read may bring no content, only chunk sizes or the last chunk.
  while (piece_.empty() && !parser_->is_done()) {
    const limits& rates = server_.options.websockets.limits();
    const double extra =
        rates.min_message_rate() == 0 ? 0.0 : static_cast<double>(content_read_ / rates.min_message_rate());
    const std::chrono::duration<double> left = std::chrono::duration<double>(rates.message_timeout()) +
                                               std::chrono::duration<double>(extra) - content_wait_time_;
    const bool hurries = left < std::chrono::duration<double>(server_.options.idle_timeout);
    timeout_.set(hurries ? std::chrono::ceil<std::chrono::milliseconds>(left) : server_.options.idle_timeout);
    const auto begin = std::chrono::steady_clock::now();
    auto [failure, count] = co_await http::async_read_some(stream_, buffer_, *parser_, use_task);
    timeout_.clear();
    content_wait_time_ += std::chrono::steady_clock::now() - begin;
    content_read_ += piece_.size();
    if (failure && hurries && timeout_.expired())
      co_return error(errc::timed_out, "the content arrives more slowly than " +
                                           std::to_string(rates.min_message_rate()) +
                                           " bytes per second after the first " +
                                           std::to_string(rates.message_timeout().count()) + " ms");
    if (failure) co_return body_failure(failure);
  }
  co_return std::string_view(piece_);
}

error http_connection::body_failure(const boost::system::error_code& failure) const {
  if (timeout_.expired())
    return {errc::timed_out, "no content arrived for " + std::to_string(server_.options.idle_timeout.count()) + " ms"};
  if (failure == http::error::body_limit)
    return {errc::message_too_big,
            "the content is larger than " + std::to_string(server_.options.max_streamed_body_size) + " bytes"};
  const bool is_of_http = failure.category() == make_error_code(http::error::bad_method).category();
  if (is_of_http && failure != http::error::end_of_stream && failure != http::error::partial_message)
    return {errc::protocol_violation, "in the content of a request", failure};
  return {errc::closed, "the client has disconnected", failure};
}

task<http_connection::step> http_connection::send_stream(const response& r) {
  // RFC 9112 section 6.1: HTTP/1.0 has no chunked transfer coding.
  const bool chunked = parser_->version() >= 11;
  if (!chunked) keep_alive_ = false;
  begin_response(r);
  const step begun = co_await write(serialize_head(r, {}, chunked));
  if (begun != step::done || has_no_content(r.status()) || req_->method() == "HEAD") co_return begun;

  const auto stream = std::make_shared<response_stream>(
      response_stream_context{stream_, timeout_, buffer_, server_.options.idle_timeout}, chunked);
  if (parser_->is_done()) stream->watch_disconnect();
  if (r.comment_interval() > std::chrono::milliseconds(0)) stream->keep_alive(r.comment_interval());
  set_streaming(stream.get());
  std::string fault;
  try {
    response_writer out(stream);
    co_await r.writer()(out);
  } catch (...) {
    fault = exception_text();
  }
  set_streaming(nullptr);
  if (!fault.empty()) {
    metrics_.handler_failures.add();
    server_.log(log_level::error, "handler failed", fault, *req_);
  }
  const bool usable = co_await response_stream::end(stream, fault.empty());
  co_return usable ? step::done : step::end;
}

}  // namespace twinsocket::detail
