#pragma once

// The implementation of server: its routes, and its workers while it listens and runs.

#include <atomic>
#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/wakeup_pipe.hpp"
#include "server/bound_listener.hpp"
#include "server/metrics_text.hpp"
#include "server/server_context.hpp"
#include "server/worker.hpp"
#include "twinsocket/native/server.hpp"

namespace twinsocket::detail {

class server_state : public std::enable_shared_from_this<server_state> {
 public:
  explicit server_state(server_options options);

  [[nodiscard]] result<void> add_websocket(const std::string& pattern, websocket_options options,
                                           websocket_handler handler);
  [[nodiscard]] result<void> add_handler(std::string method, const std::string& pattern, http_handler handler);
  [[nodiscard]] result<void> add_files(const std::string& pattern, const std::string& folder, file_options options);
  [[nodiscard]] result<void> set_fallback(http_handler handler);
  [[nodiscard]] result<void> add_middleware(request_handler<admission> middleware);

  [[nodiscard]] const server_options& options() const noexcept { return server_.options; }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] std::uint16_t redirect_port() const noexcept { return redirect_port_; }
  [[nodiscard]] const std::vector<std::string>& addresses() const noexcept { return addresses_; }
  void stop_on(int signal) { signals_.push_back(signal); }
  void set_signal_stop(close_code code, std::chrono::seconds retry_after, std::chrono::seconds spread) {
    signal_stop_ = {code, retry_after, spread};
  }
  void reload_on(int signal) { reload_signals_.push_back(signal); }
  [[nodiscard]] result<void> reload_certificate() { return server_.certificate.load(); }
  [[nodiscard]] std::string certificate_fingerprint() const { return server_.certificate.fingerprint(); }

  [[nodiscard]] std::string metrics() const {
    std::string text = metrics_text(server_);
    for (const auto& [name, more] : more_metrics_) text += more();
    return text;
  }
  void add_metrics(std::string name, std::function<std::string()> text) {
    more_metrics_.insert_or_assign(std::move(name), std::move(text));
  }

  [[nodiscard]] result<std::uint16_t> listen();
  [[nodiscard]] result<void> run();
  /// Serves on io_contexts that the caller runs, from now on until stop(). The last worker to end calls `done`.
  [[nodiscard]] result<std::uint16_t> serve_on(std::vector<boost::asio::io_context*> contexts,
                                               std::function<void()> done);
  /// Called when the server object is destroyed: stops a server that runs on the caller's io_contexts.
  void release() noexcept {
    if (external_workers_ != 0) stop();
  }
  void stop() noexcept { wakeup_pipe_.notify(); }
  void stop(close_code code, std::chrono::seconds retry_after, std::chrono::seconds spread) noexcept;
  void for_each_connection(std::function<void(connection&, const request&)> function, std::function<void()> done);

 private:
  using signal_set = boost::asio::basic_signal_set<boost::asio::io_context::executor_type>;

  /// Applies a change to the routes. Fails while the server runs. listen() returns the first error again.
  template <class F>
  [[nodiscard]] result<void> add(std::string_view what, F change);
  [[nodiscard]] result<void> check_options();
  [[nodiscard]] result<std::uint16_t> listen_on(const std::vector<boost::asio::io_context*>& external);
  [[nodiscard]] result<void> create_workers(const std::vector<boost::asio::io_context*>& external);
  [[nodiscard]] result<void> open_redirect();
  [[nodiscard]] result<void> start_running();
  void ended();
  class external_worker_guard;
  [[nodiscard]] static task<void> run_external_worker(external_worker_guard self, task<void> serving);
  void external_worker_ended();
  [[nodiscard]] std::string addresses_text() const;
  void destroy_workers();
  [[nodiscard]] result<void> register_signals();
  [[nodiscard]] result<std::shared_ptr<signal_set>> make_signal_set(const std::vector<int>& signals);
  [[nodiscard]] task<void> wait_for_stop(boost::asio::io_context& context);
  [[nodiscard]] task<void> wait_for_stop_signal(std::shared_ptr<signal_set> signals);
  [[nodiscard]] task<void> reload_on_signals(std::shared_ptr<signal_set> signals);
  [[nodiscard]] result<void> run_workers();

  server_context server_;
  // Guards first_error_ and running_, and the routes until running_ is set. While it is set, the routes do not change.
  std::mutex routes_mutex_;
  std::optional<error> first_error_;  // The first error in the routes.
  bool running_ = false;
  wakeup_pipe wakeup_pipe_;
  std::map<std::string, std::function<std::string()>> more_metrics_;
  struct stop_arguments {
    close_code code;
    std::chrono::seconds retry_after;
    std::chrono::seconds spread;
  };
  std::vector<int> signals_;
  std::optional<stop_arguments> signal_stop_;
  std::vector<int> reload_signals_;
  std::vector<std::weak_ptr<signal_set>> signal_sets_;
  std::vector<bound_listener> bound_listeners_;
  std::vector<std::string> addresses_;
  std::uint16_t port_ = 0;
  std::mutex
      workers_mutex_;  // Guards workers_ against readers on other threads. Only the owning thread changes the list.
  std::vector<std::shared_ptr<worker>> workers_;
  std::uint16_t redirect_port_ = 0;
  std::atomic<std::size_t> external_workers_{0};  // Workers on the caller's io_contexts that have not ended.
  std::function<void()> done_;
};

}  // namespace twinsocket::detail
