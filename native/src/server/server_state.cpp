#include "server/server_state.hpp"

#include <algorithm>
#include <system_error>
#include <thread>
#include <utility>

#include "attempt.hpp"
#include "deflate/compression.hpp"
#include "http/text.hpp"
#include "platform/open_files.hpp"
#include "platform/socket_descriptor.hpp"
#include "protocol/handshake.hpp"
#include "server/file_server.hpp"
#include "server/response_head.hpp"
#include "twinsocket/native/asio.hpp"

namespace twinsocket::detail {

/// One of the io_contexts that the server runs on.
class server_state::external_worker_guard {
 public:
  explicit external_worker_guard(std::shared_ptr<server_state> state) noexcept : state_(std::move(state)) {}
  external_worker_guard(external_worker_guard&&) noexcept = default;
  ~external_worker_guard() {
    if (state_) state_->external_worker_ended();
  }

 private:
  std::shared_ptr<server_state> state_;
};

namespace {

error already_has_error(const std::string& pattern, const std::string& what) {
  return {errc::invalid_argument, "the pattern \"" + pattern + "\" has " + what + " already"};
}

error empty_handler_error(const std::string& pattern) {
  return {errc::invalid_argument, "the handler of the pattern \"" + pattern + "\" is an empty function"};
}

// RFC 9110 section 9.1: methods are case-sensitive. A handler for "get" would never be called.
std::string find_method_error(const std::string& method) {
  if (!is_token(method)) return "the method \"" + method + "\" is not a token";
  for (const char* const known : {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"})
    if (method != known && iequals(method, known))
      return "the method \"" + method + "\" must be written \"" + known + "\"";
  return {};
}

}  // namespace

server_state::server_state(server_options options) : server_(std::move(options)) {}

template <class F>
result<void> server_state::add(std::string_view what, F change) {
  const std::lock_guard lock(routes_mutex_);
  if (running_) {
    error late(errc::invalid_argument, std::string(what) + " cannot be added while the server runs");
    server_.log({log_level::error, "route refused", late.detail(), {}, {}});
    return late;
  }
  result<void> changed = change();
  if (!changed && !first_error_) first_error_ = changed.error();
  return changed;
}

result<void> server_state::add_websocket(const std::string& pattern, websocket_options options,
                                         websocket_handler handler) {
  return add("the WebSocket \"" + pattern + "\"", [&]() -> result<void> {
    if (!handler) return empty_handler_error(pattern);
    const auto to = server_.routes.at(pattern, false);
    if (!to) return to.error();
    if ((*to)->websocket) return already_has_error(pattern, "a WebSocket");
    if (options.origin_check() && (options.any_origin_allowed() || !options.origins().empty()))
      return error(errc::invalid_argument,
                   "the pattern \"" + pattern + "\" has both an origin function and origin patterns");
    auto origins = origin_policy::make(options.origins(), options.any_origin_allowed());
    if (!origins) return origins.error();
    for (const std::string& name : options.subprotocols())
      if (!is_token(name)) return error(errc::invalid_argument, "the subprotocol \"" + name + "\" is not a token");
    if (std::string wrong = find_invalid_option(options.compression()); !wrong.empty())
      return error(errc::invalid_argument, std::move(wrong));
    const shared_limits common(options.limits());
    (*to)->websocket = std::make_unique<websocket_route>(
        websocket_route{std::move(options), common, std::move(*origins), std::move(handler)});
    return {};
  });
}

result<void> server_state::add_handler(std::string method, const std::string& pattern, http_handler handler) {
  return add("the handler of " + method + " \"" + pattern + "\"", [&]() -> result<void> {
    if (!handler) return empty_handler_error(pattern);
    if (std::string wrong = find_method_error(method); !wrong.empty())
      return error(errc::invalid_argument, std::move(wrong));
    const auto to = server_.routes.at(pattern, false);
    if (!to) return to.error();
    const auto is_it = [&](const auto& there) { return there.first == method; };
    auto& methods = (*to)->methods;
    if (std::any_of(methods.begin(), methods.end(), is_it)) return already_has_error(pattern, "a handler of " + method);
    if ((*to)->files && (method == "GET" || method == "HEAD")) return already_has_error(pattern, "files");
    methods.emplace_back(std::move(method), std::move(handler));
    return {};
  });
}

result<void> server_state::add_files(const std::string& pattern, const std::string& folder, file_options options) {
  return add("the files of \"" + pattern + "\"", [&]() -> result<void> {
    const auto to = server_.routes.at(pattern, true);
    if (!to) return to.error();
    if ((*to)->files) return already_has_error(pattern, "files");
    if ((*to)->handler("GET")) return already_has_error(pattern, "a handler of GET");
    if (std::string wrong = find_invalid_header(options.headers()); !wrong.empty())
      return error(errc::invalid_argument, std::move(wrong));
    auto made = file_server::make(folder, std::move(options));
    if (!made) return made.error();
    (*to)->files = std::make_unique<file_server>(std::move(*made));
    return {};
  });
}

result<void> server_state::set_fallback(http_handler handler) {
  return add("a fallback", [&]() -> result<void> {
    if (!handler) return error(errc::invalid_argument, "the fallback is an empty function");
    if (server_.fallback) return error(errc::invalid_argument, "there is a fallback already");
    server_.fallback = std::move(handler);
    return {};
  });
}

result<void> server_state::add_middleware(request_handler<admission> middleware) {
  return add("middleware", [&]() -> result<void> {
    if (!middleware) return error(errc::invalid_argument, "the middleware is an empty function");
    server_.middleware.push_back(std::move(middleware));
    return {};
  });
}

result<void> server_state::check_options() {
  if (first_error_) return *first_error_;
  if (std::string wrong = find_invalid_header(server_.options.headers); !wrong.empty())
    return error(errc::invalid_argument, std::move(wrong));
  if (server_.options.redirect_port && !server_.certificate.is_set())
    return error(errc::invalid_argument, "redirect_port " + std::to_string(*server_.options.redirect_port) +
                                             " redirects to https://, but the server has no certificate");
  auto proxies = trusted_proxy_set::make(server_.options.trusted_proxies);
  if (!proxies) return proxies.error();
  server_.proxies = std::move(*proxies);
  if (server_.options.client_certificates.request_mode() != client_certificates::mode::off &&
      !server_.certificate.is_set())
    return error(errc::invalid_argument, "client certificates require TLS, but the server has no certificate");
  if (server_.certificate.is_set())
    if (const auto loaded = server_.certificate.load(); !loaded) return loaded.error();
  if (!wakeup_pipe_) return error(errc::system, "cannot create a pipe");
  return {};
}

result<std::uint16_t> server_state::listen() {
  if (!workers_.empty()) return port();
  return listen_on({});
}

result<std::uint16_t> server_state::listen_on(const std::vector<boost::asio::io_context*>& external) {
  auto ready = check_options();
  if (ready) ready = create_workers(external);
  if (ready) ready = open_redirect();
  if (ready) ready = register_signals();
  if (!ready) {
    destroy_workers();
    return ready.error();
  }
  server_.log({log_level::info, "listening", addresses_text(), {}, {}});
  if (const auto files = max_open_files(); files < server_.options.max_connections)
    server_.log({log_level::info,
                 "file limit too low",
                 "this process may open " + std::to_string(files) + " files and sockets, but max_connections is " +
                     std::to_string(server_.options.max_connections),
                 {},
                 {}});
  return port();
}

result<void> server_state::create_workers(const std::vector<boost::asio::io_context*>& external) {
  const std::size_t wanted =
      server_.options.threads != 0 ? server_.options.threads : std::thread::hardware_concurrency();
  const std::size_t count = external.empty() ? std::max<std::size_t>(wanted, 1) : external.size();
  // Otherwise the first worker accepts for all.
  const bool all_accept = can_share_listeners() && !event_loop::portable_sockets;
  for (std::size_t i = 0; i < count; ++i) {
    if (server_.metrics.size() == i) server_.metrics.emplace_back();
    auto made = std::make_shared<worker>(server_, server_.metrics[i], external.empty() ? nullptr : external[i]);
    worker& one = *made;
    {
      const std::scoped_lock lock(workers_mutex_);
      workers_.push_back(std::move(made));
    }
    if (i == 0) {
      const std::vector<listener> single{listener::tcp(server_.options.address, server_.options.port)};
      const auto& listeners = server_.options.listeners;
      auto opened = open_listeners(one.context(), listeners.empty() ? single : listeners,
                                   all_accept ? static_cast<unsigned>(count) : 1);
      if (!opened) return opened.error();
      bound_listeners_ = std::move(*opened);
    }
    if (i != 0 && !all_accept) continue;
    for (bound_listener& listener : bound_listeners_) {
      auto acceptor = listener.open_next_acceptor(one.context());
      if (!acceptor) return acceptor.error();
      one.add_acceptor(std::move(*acceptor));
    }
  }
  if (!all_accept && count > 1) {
    std::vector<worker*> all;
    for (const auto& one : workers_) all.push_back(one.get());
    workers_.front()->distribute_to(std::move(all));
  }
  addresses_.clear();
  port_ = 0;
  for (const bound_listener& listener : bound_listeners_) {
    addresses_.push_back(listener.address());
    if (port_ == 0) port_ = listener.port();
  }
  return {};
}

// One thread is enough for responses without content.
result<void> server_state::open_redirect() {
  redirect_port_ = 0;
  if (!server_.options.redirect_port) return {};
  server_.secure_port = port();
  worker& one = *workers_.front();
  const auto where = resolve_endpoint(one.context(), server_.options.address, *server_.options.redirect_port);
  if (!where) return where.error();
  auto acceptor = open_acceptor(one.context(), *where, port_sharing::exclusive);
  if (!acceptor) return acceptor.error();
  boost::system::error_code failure;
  const auto bound = to_tcp_endpoint(acceptor->local_endpoint(failure));
  if (failure || !bound) return error(errc::system, "cannot listen on " + text_of(*where), failure);
  redirect_port_ = bound->port();
  one.add_redirect_acceptor(std::move(*acceptor));
  return {};
}

std::string server_state::addresses_text() const {
  std::string text;
  for (const std::string& address : addresses_) text += (text.empty() ? "" : ", ") + address;
  return text;
}

// The workers are destroyed outside of the lock, because their destructors may run code that takes it.
void server_state::destroy_workers() {
  std::vector<std::shared_ptr<worker>> ended;
  {
    const std::scoped_lock lock(workers_mutex_);
    ended.swap(workers_);
  }
  ended.clear();
  bound_listeners_.clear();
}

// Signals are caught from listen() on, because a process that knows the port may send one before run() begins. run() then
// returns at once.
result<void> server_state::register_signals() {
  signal_sets_.clear();
  if (!signals_.empty()) {
    auto signals = make_signal_set(signals_);
    if (!signals) return signals.error();
    workers_.front()->spawn_at_start([this, caught = std::move(*signals)] { return wait_for_stop_signal(caught); });
  }
  if (!reload_signals_.empty()) {
    auto signals = make_signal_set(reload_signals_);
    if (!signals) return signals.error();
    workers_.front()->spawn_at_start([this, caught = std::move(*signals)] { return reload_on_signals(caught); });
  }
  return {};
}

result<std::shared_ptr<server_state::signal_set>> server_state::make_signal_set(const std::vector<int>& signals) {
  auto set = std::make_shared<signal_set>(workers_.front()->context());
  for (const int signal : signals) {
    boost::system::error_code failure;
    set->add(signal, failure);
    if (failure) return error(errc::system, "cannot wait for the signal " + std::to_string(signal), failure);
  }
  signal_sets_.push_back(set);
  return set;
}

result<void> server_state::start_running() {
  const std::lock_guard lock(routes_mutex_);
  // Routes may have been added since listen().
  if (first_error_) return *first_error_;
  running_ = true;
  return {};
}

void server_state::ended() {
  destroy_workers();
  {
    const std::lock_guard lock(routes_mutex_);
    running_ = false;
  }
  wakeup_pipe_.drain();
  server_.stopping.code = close_code::going_away;
  server_.stopping.retry_after = -1;
  server_.stopping.spread = 0;
  static_cast<void>(attempt([&] { server_.log({log_level::info, "stopped", addresses_text(), {}, {}}); }));
}

result<void> server_state::run() {
  if (external_workers_ != 0) return error(errc::invalid_argument, "the server runs on io_contexts already");
  if (const auto listening = listen(); !listening) return listening.error();
  if (const auto begun = start_running(); !begun) return begun;
  result<void> how;
  if (!attempt([&] { how = run_workers(); })) how = error(errc::system, "out of memory");
  ended();
  return how;
}

result<std::uint16_t> server_state::serve_on(std::vector<boost::asio::io_context*> contexts,
                                             std::function<void()> done) {
  if (contexts.empty()) return error(errc::invalid_argument, "there is no io_context to serve on");
  if (!workers_.empty()) return error(errc::invalid_argument, "the server listens already");
  const auto port = listen_on(contexts);
  if (!port) return port;
  if (const auto begun = start_running(); !begun) {
    destroy_workers();
    return begun.error();
  }
  done_ = std::move(done);
  external_workers_ = workers_.size();
  workers_.front()->spawn_at_start([this] { return wait_for_stop(workers_.front()->context()); });
  for (const auto& one : workers_)
    native::spawn(one->context(), run_external_worker(external_worker_guard(shared_from_this()), one->serve()));
  return port;
}

// The guard also runs when the io_context is destroyed first, which destroys this coroutine.
task<void> server_state::run_external_worker(external_worker_guard self, task<void> serving) {
  const external_worker_guard until_end(std::move(self));
  // Destroyed before the guard, which may destroy the worker.
  task<void> work = std::move(serving);
  co_await std::move(work);
}

void server_state::external_worker_ended() {
  if (external_workers_.fetch_sub(1) != 1) return;
  ended();
  if (const auto done = std::exchange(done_, nullptr)) done();
}

void server_state::stop(close_code code, std::chrono::seconds retry_after, std::chrono::seconds spread) noexcept {
  server_.stopping.code = is_sendable(code) ? code : close_code::going_away;
  server_.stopping.retry_after = retry_after.count();
  server_.stopping.spread = spread.count();
  stop();
}

void server_state::for_each_connection(std::function<void(connection&, const request&)> function,
                                       std::function<void()> done) {
  // Declared before the lock, so that an unused visitor is destroyed after unlocking.
  const auto visitor = std::make_shared<const connection_visitor>(std::move(function), std::move(done));
  const std::scoped_lock lock(workers_mutex_);
  for (const auto& one : workers_) one->visit_connections(visitor);
}

result<void> server_state::run_workers() {
  workers_.front()->spawn_at_start([this] { return wait_for_stop(workers_.front()->context()); });
  result<void> ended;
  std::vector<std::thread> threads;
  try {
    for (std::size_t i = 1; i < workers_.size(); ++i) threads.emplace_back([&one = *workers_[i]] { one.run(); });
  } catch (const std::system_error& thrown) {
    ended = error(errc::system, "cannot start a thread", thrown.code());
    stop();
  } catch (const std::bad_alloc&) {
    ended = error(errc::system, "out of memory");
    stop();
  }
  workers_.front()->run();
  for (std::thread& thread : threads) thread.join();
  return ended;
}

task<void> server_state::wait_for_stop(boost::asio::io_context& context) {
  co_await wakeup_pipe_.wait(context);
  static_cast<void>(attempt([&] { server_.log({log_level::info, "stopping", addresses_text(), {}, {}}); }));
  for (bound_listener& listener : bound_listeners_) listener.remove_file();
  for (const auto& one : signal_sets_) {
    boost::system::error_code ignored;
    if (const auto signals = one.lock()) {
      signals->clear(ignored);
      signals->cancel(ignored);
    }
  }
  for (const auto& one : workers_) one->stop();
}

task<void> server_state::wait_for_stop_signal(std::shared_ptr<signal_set> signals) {
  const auto caught = co_await signals->async_wait(native::use_task);
  if (std::get<0>(caught)) co_return;
  if (signal_stop_) {
    stop(signal_stop_->code, signal_stop_->retry_after, signal_stop_->spread);
  } else {
    stop();
  }
}

// load() logs a certificate that cannot be used.
task<void> server_state::reload_on_signals(std::shared_ptr<signal_set> signals) {
  for (;;) {
    const auto caught = co_await signals->async_wait(native::use_task);
    if (std::get<0>(caught)) co_return;
    static_cast<void>(server_.certificate.load());
  }
}

}  // namespace twinsocket::detail
