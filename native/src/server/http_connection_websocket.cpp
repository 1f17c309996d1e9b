// The parts of http_connection that make a WebSocket of it.

#include <exception>
#include <utility>

#include "deflate/compression.hpp"
#include "server/exception_text.hpp"
#include "server/hook_call.hpp"
#include "server/http_connection.hpp"
#include "server/request_check.hpp"
#include "server/response_head.hpp"
#include "server/subprotocol.hpp"
#include "session/application_heartbeat.hpp"
#include "transport/random_bytes.hpp"

namespace twinsocket::detail {

task<http_connection::step> http_connection::open() {
  negotiated_options chosen;
  std::string head;
  const step admitted = co_await negotiate(chosen, head);
  if (admitted != step::done) co_return admitted;
  // RFC 9110 section 7.8: with both Upgrade and Expect, 100 (Continue) comes before 101.
  if (req_->header("Expect")) head.insert(0, continue_response);
  const step sent = co_await write(head);
  if (sent != step::done) co_return sent;

  const websocket_route& to = *route_->websocket;
  server_.log(log_level::debug, "websocket opened", chosen.subprotocol, *req_);
  session_options session{
      .self = role::server, .random = random_bytes, .limits = to.limits, .keepalive = to.options.keepalive()};
  session.totals = &metrics_.traffic;
  session.heartbeats = to.options.heartbeat_enabled() && has_heartbeat(chosen.subprotocol);
  metrics_.websockets_opened.add();
  if (chosen.compression)
    session.compression = make_compression_setup(to.options.compression(), chosen.compression->agreed);
  const auto rest = buffer_.data();
  record_.set_http(nullptr);
  auto connection = start_transport(std::move(stream_), session, without_heartbeat(chosen.subprotocol),
                                    {static_cast<std::byte*>(rest.data()), rest.size()});
  if (from_proxy_) connection->set_remote_address(req_->remote_address());
  record_.set_websocket(std::move(connection), to.handler.takes_request() ? std::move(req_) : nullptr);
  co_return step::done;
}

task<http_connection::step> http_connection::negotiate(negotiated_options& chosen, std::string& head) {
  const websocket_route& to = *route_->websocket;
  if (auto why = check_handshake(*req_, parser_->version(), !parser_->is_done())) {
    const auto what = why->status() == 426 ? handshake_failure::version : handshake_failure::bad_request;
    co_return refuse(what, std::move(*why));
  }
  std::string fault;
  try {
    for (const std::string_view origin : req_->headers("Origin"))
      if (!allows_origin(*req_, to.options, to.origins, origin))
        co_return refuse(handshake_failure::origin,
                         refusal(403, "the Origin \"" + std::string(origin) + "\" is not allowed for the Host \"" +
                                          std::string(req_->host()) + "\""));
    auto compression = choose_compression(*req_, to.options.compression());
    if (!compression) co_return refuse(handshake_failure::extension, refusal(400, compression.error().detail()));
    chosen.compression = std::move(*compression);
    auto subprotocol = negotiate_subprotocol(*req_, to.options);
    if (subprotocol) {
      chosen.subprotocol = std::move(*subprotocol);
    } else if (subprotocol.error() == errc::protocol_violation) {
      co_return refuse(handshake_failure::subprotocol, refusal(400, subprotocol.error().detail()));
    } else {
      fault = subprotocol.error().detail();
    }
    if (fault.empty() && to.options.request_hook()) {
      const std::optional<admission> admitted =
          co_await call_hook(to.options.request_hook(), *req_, to.options.request_hook_timeout());
      if (!admitted)
        co_return refuse(handshake_failure::request_hook_timeout,
                         refusal(503, "the request hook did not decide within " +
                                          std::to_string(to.options.request_hook_timeout().count()) + " ms"));
      fault = find_invalid_header(admitted->refused() ? admitted->refusal().headers() : admitted->headers());
      if (fault.empty() && admitted->refused()) co_return refuse(handshake_failure::refused, admitted->refusal());
      if (fault.empty())
        extra_headers_.insert(extra_headers_.end(), admitted->headers().begin(), admitted->headers().end());
      request_builder::attributes(*req_).merge(admitted->attributes());
    }
    if (fault.empty()) head = serialize_handshake_response(*req_, chosen, extra_headers_);
  } catch (...) {
    fault = exception_text();
  }
  if (fault.empty()) co_return step::done;
  metrics_.handler_failures.add();
  server_.log(log_level::error, "handler failed", fault, *req_);
  co_return refuse(handshake_failure::failed, refusal(500, "internal server error"));
}

}  // namespace twinsocket::detail
