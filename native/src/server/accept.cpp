#include "twinsocket/native/accept.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <cstring>
#include <optional>

#include "deflate/compression.hpp"
#include "server/origin.hpp"
#include "server/request_check.hpp"
#include "server/response_head.hpp"
#include "server/subprotocol.hpp"
#include "server/upgrade.hpp"
#include "session/application_heartbeat.hpp"
#include "transport/background_call.hpp"
#include "transport/random_bytes.hpp"
#include "transport/socket_timeout.hpp"
#include "transport/start_transport.hpp"
#include "twinsocket/native/asio.hpp"

namespace twinsocket {

namespace {

namespace http = boost::beast::http;
using namespace detail;
using native::use_task;

constexpr std::size_t max_header_size = 16 * kib;

struct choice {
  std::optional<response> refused;
  negotiated_options chosen;
};

// The same checks as for a server's route, without a request hook.
choice choose(const request& req, const request_parser& parser, const origin_policy& origins,
              const websocket_options& options) {
  if (auto why = check_handshake(req, parser.version(), !parser.is_done())) return {std::move(why), {}};
  for (const std::string_view origin : req.headers("Origin"))
    if (!allows_origin(req, options, origins, origin))
      return {refusal(403, "the Origin \"" + std::string(origin) + "\" is not allowed for the Host \"" +
                               std::string(req.host()) + "\""),
              {}};
  auto compression = choose_compression(req, options.compression());
  if (!compression) return {refusal(400, compression.error().detail()), {}};
  auto subprotocol = negotiate_subprotocol(req, options);
  if (!subprotocol) return {refusal(400, subprotocol.error().detail()), {}};
  return {{}, {std::move(*subprotocol), std::move(*compression)}};
}

task<result<connection>> open(int descriptor, std::string received, websocket_options options) {
  auto socket = adopt_socket(event_loop::current().context(), descriptor, "the socket given to accept()");
  if (!socket) co_return socket.error();
  const auto origins = origin_policy::make(options.origins(), options.any_origin_allowed());
  if (!origins) co_return origins.error();

  boost::system::error_code ignored;
  socket->set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  http_stream stream(std::move(*socket));
  socket_timeout limit(stream.socket());
  limit.set(options.limits().handshake_timeout());
  boost::beast::flat_buffer buffer(std::max<std::size_t>(4 * max_header_size, received.size()));
  const boost::asio::mutable_buffer room = buffer.prepare(received.size());
  if (!received.empty()) std::memcpy(room.data(), received.data(), received.size());
  buffer.commit(received.size());
  request req;
  request_parser parser(req);
  parser.header_limit(max_header_size);
  auto [failure, count] = co_await http::async_read_header(stream, buffer, parser, use_task);
  if (limit.expired())
    co_return error(errc::timed_out, "the opening handshake, the limit is " +
                                         std::to_string(options.limits().handshake_timeout().count()) + " ms");
  const bool is_of_http = failure && failure.category() == make_error_code(http::error::bad_method).category() &&
                          failure != http::error::end_of_stream && failure != http::error::partial_message;
  if (failure && !is_of_http) co_return error(errc::handshake_failed, "the client sent an incomplete request", failure);

  choice made;
  if (failure) {
    made.refused = parse_error_response(failure, parser);
  } else {
    made.refused = check_request(req, parser);
    if (!made.refused) made = choose(req, parser, *origins, options);
  }
  std::string head;
  if (made.refused) {
    const std::vector<header_field> none;
    head = serialize_response_head(
               *made.refused, {.common = none, .content_length = made.refused->body().size(), .keep_alive = false}) +
           made.refused->body();
  } else {
    head = serialize_handshake_response(req, made.chosen, {});
  }
  auto [broken, written] = co_await boost::asio::async_write(stream, boost::asio::buffer(head), use_task);
  limit.clear();
  if (made.refused) {
    stream.end();
    const std::string& body = made.refused->body();
    co_return error(errc::handshake_failed,
                    std::to_string(made.refused->status()) + " " + body.substr(0, body.find('\n')));
  }
  if (broken) co_return error(errc::system, "the connection broke", broken);

  session_options session{
      .self = role::server, .random = random_bytes, .limits = options.limits(), .keepalive = options.keepalive()};
  session.heartbeats = options.heartbeat_enabled() && has_heartbeat(made.chosen.subprotocol);
  if (made.chosen.compression)
    session.compression = make_compression_setup(options.compression(), made.chosen.compression->agreed);
  const auto rest = buffer.data();
  co_return connection(start_transport(std::move(stream), session, without_heartbeat(made.chosen.subprotocol),
                                       {static_cast<std::byte*>(rest.data()), rest.size()}));
}

}  // namespace

task<result<connection>> native::accept_descriptor(int socket, std::string received, websocket_options options) {
  background_call<result<connection>> call(open(socket, std::move(received), std::move(options)));
  co_await call.ended().wait();
  co_return call.take();
}

}  // namespace twinsocket
