#include "twinsocket/native/server.hpp"

#include <utility>

#include "server/server_state.hpp"

namespace twinsocket {

server::server(server_options options) : state_(std::make_unique<detail::server_state>(std::move(options))) {}
server::server(server&&) noexcept = default;
server& server::operator=(server&&) noexcept = default;
server::~server() = default;

route_result server::websocket(std::string pattern, websocket_handler handler) {
  return state_->add_websocket(pattern, state_->options().websockets, std::move(handler));
}

route_result server::websocket(std::string pattern, websocket_options options, websocket_handler handler) {
  return state_->add_websocket(pattern, std::move(options), std::move(handler));
}

route_result server::get(std::string pattern, http_handler handler) {
  return on("GET", std::move(pattern), std::move(handler));
}

route_result server::post(std::string pattern, http_handler handler) {
  return on("POST", std::move(pattern), std::move(handler));
}

route_result server::on(std::string method, std::string pattern, http_handler handler) {
  return state_->add_handler(std::move(method), pattern, std::move(handler));
}

route_result server::fallback(http_handler handler) { return state_->set_fallback(std::move(handler)); }

route_result server::use(request_handler<admission> middleware) { return state_->add_middleware(std::move(middleware)); }

route_result server::files(std::string pattern, std::string folder, file_options options) {
  return state_->add_files(pattern, folder, std::move(options));
}

route_result server::metrics(std::string pattern) {
  return get(std::move(pattern), [&from = *state_](const request&) {
    return response()
        .body(from.metrics(), "text/plain; version=0.0.4; charset=utf-8")
        .header("Cache-Control", "no-store");
  });
}

std::string server::metrics_text() const { return state_->metrics(); }

result<std::uint16_t> server::listen() { return state_->listen(); }

std::uint16_t server::port() const noexcept { return state_->port(); }

std::uint16_t server::redirect_port() const noexcept { return state_->redirect_port(); }

run_result server::run() { return state_->run(); }

void server::stop() noexcept { state_->stop(); }

result<void> server::reload_certificate() { return state_->reload_certificate(); }

std::string server::certificate_fingerprint() const { return state_->certificate_fingerprint(); }

void server::reload_certificate_on(std::initializer_list<int> signals) {
  for (const int signal : signals) state_->reload_on(signal);
}

void server::stop_on(std::initializer_list<int> signals) {
  for (const int signal : signals) state_->stop_on(signal);
}

}  // namespace twinsocket
