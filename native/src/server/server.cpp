#include "twinsocket/native/server.hpp"

#include "twinsocket/native/serve_on.hpp"

#include <utility>

#include "server/server_state.hpp"

namespace twinsocket::detail {

const std::shared_ptr<server_state>& state_of(const server& what) noexcept { return what.state_; }

}  // namespace twinsocket::detail

namespace twinsocket {
inline namespace native {

server::server(server_options options) : state_(std::make_shared<detail::server_state>(std::move(options))) {}
server::server(server&&) noexcept = default;
server& server::operator=(server&& other) noexcept {
  if (this != &other) {
    if (state_) state_->release();
    state_ = std::move(other.state_);
  }
  return *this;
}
server::~server() {
  if (state_) state_->release();
}

result<std::uint16_t> serve_on(server& what, std::vector<boost::asio::io_context*> contexts,
                               std::function<void()> done) {
  return detail::state_of(what)->serve_on(std::move(contexts), std::move(done));
}

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

route_result server::use(request_handler<admission> middleware) {
  return state_->add_middleware(std::move(middleware));
}

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

void server::add_metrics(std::string name, std::function<std::string()> text) {
  state_->add_metrics(std::move(name), std::move(text));
}

result<std::uint16_t> server::listen() { return state_->listen(); }

std::uint16_t server::port() const noexcept { return state_->port(); }

std::uint16_t server::redirect_port() const noexcept { return state_->redirect_port(); }

run_result server::run() { return state_->run(); }

std::vector<std::string> server::addresses() const { return state_->addresses(); }

void server::stop() noexcept { state_->stop(); }

void server::stop(close_code code, std::chrono::seconds retry_after, std::chrono::seconds spread) noexcept {
  state_->stop(code, retry_after, spread);
}

void server::for_each_connection(std::function<void(connection&)> function, std::function<void()> done) {
  for_each_connection([function = std::move(function)](connection& socket, const request&) { function(socket); },
                      std::move(done));
}

void server::for_each_connection(std::function<void(connection&, const request&)> function,
                                 std::function<void()> done) {
  state_->for_each_connection(std::move(function), std::move(done));
}

result<void> server::reload_certificate() { return state_->reload_certificate(); }

std::string server::certificate_fingerprint() const { return state_->certificate_fingerprint(); }

void server::reload_certificate_on(std::initializer_list<int> signals) {
  for (const int signal : signals) state_->reload_on(signal);
}

void server::stop_on(std::initializer_list<int> signals) {
  for (const int signal : signals) state_->stop_on(signal);
}

void server::stop_on(std::initializer_list<int> signals, close_code code, std::chrono::seconds retry_after,
                     std::chrono::seconds spread) {
  state_->set_signal_stop(code, retry_after, spread);
  stop_on(signals);
}

}  // namespace native
}  // namespace twinsocket
