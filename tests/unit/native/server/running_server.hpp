#pragma once

#include <cstdint>
#include <stdexcept>
#include <thread>
#include <utility>

#include "twinsocket/native/server.hpp"

/// A server on a free port of the loopback interface. Runs on a thread of its own until the end of the test.
class running_server {
 public:
  /// Calls `add_routes` with the server before it listens.
  template <class F>
  explicit running_server(F add_routes, twinsocket::server_options options = {})
      : server_(on_any_port(std::move(options))) {
    add_routes(server_);
    const auto listening = server_.listen();
    if (!listening) throw std::runtime_error(listening.error().message());
    thread_ = std::thread([this] { server_.run(); });
  }
  running_server(const running_server&) = delete;
  running_server& operator=(const running_server&) = delete;
  ~running_server() {
    server_.stop();
    wait();
  }

  [[nodiscard]] std::uint16_t port() const noexcept { return server_.port(); }
  void stop() noexcept { server_.stop(); }
  [[nodiscard]] twinsocket::server& get() noexcept { return server_; }
  /// Waits until run() has returned.
  void wait() {
    if (thread_.joinable()) thread_.join();
  }

 private:
  static twinsocket::server_options on_any_port(twinsocket::server_options options) {
    options.port = 0;
    return options;
  }

  twinsocket::server server_;
  std::thread thread_;
};

/// An echo handler.
inline twinsocket::task<void> echo(twinsocket::connection socket) {
  while (auto message = co_await socket.receive()) co_await socket.send(*message);
}
