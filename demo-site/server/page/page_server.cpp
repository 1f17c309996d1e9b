#include "demo-site/server/page/page_server.hpp"

#include <memory>
#include <utility>

#include "http/target.hpp"
#include "server/request_builder.hpp"
#include "server/subprotocol.hpp"
#include "session/application_heartbeat.hpp"
#include "twinsocket/pair.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket {

namespace detail {

namespace {

// The request lives as long as the handler.
task<void> run(const websocket_handler& handler, connection socket, std::unique_ptr<const request> req) {
  co_await handler(std::move(socket), *req);
}

// What JavaScript sends always has room, as in a browser's WebSocket. It has limits of its own.
limits limits_of_client(limits values) {
  return values.max_message_size(SIZE_MAX).send_queue_bytes(SIZE_MAX).max_fragments(SIZE_MAX);
}

}  // namespace

const std::shared_ptr<server_state>& state_of(const server& what) noexcept { return what.state_; }

result<void> server_state::add(std::string path, websocket_options options, websocket_handler handler) {
  if (path.find('{') != std::string::npos)
    return error(errc::invalid_argument, "the server in the page has no routes with parameters: " + path);
  routes_.insert_or_assign(std::move(path), route{std::move(options), std::move(handler)});
  return {};
}

result<server_state::opened> server_state::open(const std::string& target, const std::string& offered) {
  auto req = std::make_unique<request>();
  request_builder::set_request_line(*req, "GET", target);
  if (!offered.empty()) request_builder::add_field(*req, "Sec-WebSocket-Protocol", offered);
  const auto parts = split_target(req->target());
  if (!parts) return error(errc::invalid_argument, "the target is neither a path nor a URL");
  request_builder::set_path(*req, parts->path, parts->query);
  const auto found = routes_.find(req->path());
  if (found == routes_.end()) return error(errc::handshake_failed, "404 for " + std::string(req->path()));
  const route& to = found->second;
  auto subprotocol = negotiate_subprotocol(*req, to.options);
  if (!subprotocol) return subprotocol.error();
  connection_pair pair = make_connection_pair(pair_options()
                                                  .limits(to.options.limits())
                                                  .keepalive(to.options.keepalive())
                                                  .subprotocol(without_heartbeat(*subprotocol))
                                                  .heartbeats(has_heartbeat(*subprotocol)));
  pair.client.set_limits(limits_of_client(pair.client.limits()));
  spawn(run(to.handler, std::move(pair.server), std::move(req)));
  return opened{std::move(pair.client), *std::move(subprotocol)};
}

}  // namespace detail

inline namespace native {

server::server(server_options options) : state_(std::make_shared<detail::server_state>(std::move(options))) {}
server::~server() = default;

route_result server::websocket(std::string pattern, websocket_options options, websocket_handler handler) {
  return state_->add(std::move(pattern), std::move(options), std::move(handler));
}

// A page does not publish metrics.
void server::add_metrics(std::string, std::function<std::string()>) {}

}  // namespace native

}  // namespace twinsocket
