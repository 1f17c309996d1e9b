#pragma once

// What a server is: its routes, and its threads while it listens and runs.

#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/core.hpp"
#include "server/metrics.hpp"
#include "server/stop_pipe.hpp"
#include "server/worker.hpp"
#include "twinsocket/native/server.hpp"

namespace twinsocket::detail {

class server_state {
 public:
  explicit server_state(server_options options);

  void add_websocket(const std::string& pattern, websocket_options options, websocket_handler handler);
  void add_handler(std::string method, const std::string& pattern, request_handler<response> handler);
  void add_files(const std::string& pattern, const std::string& folder, file_options options);

  [[nodiscard]] const server_options& options() const noexcept { return core_.options; }
  [[nodiscard]] std::uint16_t port() const noexcept { return bound_.port(); }
  void stop_on(int signal) { signals_.push_back(signal); }
  void reload_on(int signal) { reload_signals_.push_back(signal); }
  [[nodiscard]] result<void> reload_certificate() { return core_.certificate.load(); }
  [[nodiscard]] std::string certificate_fingerprint() const { return core_.certificate.fingerprint(); }

  [[nodiscard]] std::string metrics() const { return metrics_text(core_); }

  [[nodiscard]] result<std::uint16_t> listen();
  [[nodiscard]] result<void> run();
  void stop() noexcept { pipe_.pull(); }

 private:
  using signal_set = boost::asio::basic_signal_set<boost::asio::io_context::executor_type>;

  [[nodiscard]] route* route_of(const std::string& pattern, bool below);
  void refuse(error why);
  void refuse_second(const std::string& pattern, const std::string& what);
  [[nodiscard]] result<void> check_options();
  [[nodiscard]] result<void> open_workers();
  [[nodiscard]] result<void> catch_signals();
  [[nodiscard]] result<std::shared_ptr<signal_set>> watched(const std::vector<int>& signals);
  [[nodiscard]] task<void> watch_pipe(boost::asio::io_context& context);
  [[nodiscard]] task<void> watch_signals(std::shared_ptr<signal_set> signals);
  [[nodiscard]] task<void> watch_reload_signals(std::shared_ptr<signal_set> signals);
  [[nodiscard]] result<void> run_workers();

  server_core core_;
  std::optional<error> flaw_;  // The first thing that is wrong with the options and routes.
  stop_pipe pipe_;
  std::vector<int> signals_;
  std::vector<int> reload_signals_;
  std::vector<std::weak_ptr<signal_set>> watched_;
  std::vector<std::unique_ptr<worker>> workers_;
  tcp_endpoint bound_;
};

}  // namespace twinsocket::detail
