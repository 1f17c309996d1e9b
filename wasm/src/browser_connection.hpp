#pragma once

// The implementation of connection on the platform's own WebSocket.

#include <memory>
#include <string>

#include "browser_socket.hpp"
#include "connection/connection_state.hpp"
#include "message_session.hpp"
#include "session/receive_queue.hpp"
#include "session/send_queue.hpp"
#include "session/send_request.hpp"

namespace twinsocket::detail {

class browser_connection final : public connection_state,
                                 private socket_handler,
                                 private flushable,
                                 private timer,
                                 private environment_listener {
 public:
  /// Takes over an open socket.
  browser_connection(loop& own_loop, const limits& values, const keepalive& alive, bool heartbeats,
                     std::string subprotocol, std::unique_ptr<browser_socket> socket);

  /// Starts the connection. It owns itself until the socket has ended.
  void start();

  [[nodiscard]] bool is_open() const noexcept override { return session_.is_open(); }
  [[nodiscard]] bool settled() const noexcept override { return session_.settled(); }
  [[nodiscard]] close_info info() const override { return session_.info(); }
  [[nodiscard]] error failure() const override { return session_.failure(); }
  [[nodiscard]] std::size_t buffered() const noexcept override { return socket_buffered() + send_queue_.size(); }
  void watch_drain() override;
  void probe(bool can_reconnect) override;
  [[nodiscard]] twinsocket::counters current_counters() const noexcept override { return counters_; }
  [[nodiscard]] limits current_limits() const override { return session_.current_limits(); }

 private:
  bool next(message& out) override;
  errc push(const send_request& m) override;
  [[nodiscard]] bool congested() const noexcept override { return congested_; }
  void apply_limits(const limits& values) override;
  void begin_close(close_code code, std::string reason) override;
  void close_stream() override;
  // The event loop of the page lives as long as the program.
  void release_loop() override {}

  void opened(std::string_view, time_point) override {}
  bool received(message_kind kind, std::size_t size, time_point now) override;
  void ended(close_code code, std::string_view reason, std::string_view why, time_point now) override;
  void on_socket_timer(time_point now) override;

  void flush() override;
  void on_timer(time_point now) override;
  void on_environment_change(environment now) override;

  [[nodiscard]] std::size_t socket_buffered() const noexcept { return socket_ ? socket_->buffered() : 0; }
  [[nodiscard]] bool make_room(const send_request& m);
  errc send_to_socket(message_kind kind, std::span<const std::byte> bytes);
  void flush_queued(bool all);
  void arm_poll_timer();

  message_session session_;
  receive_queue messages_;
  send_queue send_queue_;  // Messages that were not passed to the socket yet and that an overflow policy may drop.
  twinsocket::counters counters_;
  std::unique_ptr<browser_socket> socket_;
  time_point timer_expiry_ = time_point::max();  // The time for which the timer of the socket is set.
  std::shared_ptr<connection_state> self_;
  bool congested_ = false;
  bool watching_drain_ = false;
  bool waiters_released_ = false;
};

}  // namespace twinsocket::detail
