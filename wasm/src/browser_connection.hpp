#pragma once

// The implementation of connection on the platform's own WebSocket.

#include <memory>
#include <string>

#include "browser_socket.hpp"
#include "connection/connection_state.hpp"
#include "message_session.hpp"
#include "session/inbound.hpp"
#include "session/outbound.hpp"
#include "session/outgoing.hpp"

namespace twinsocket::detail {

class browser_connection final : public connection_state, private socket_handler, private flushable, private timer,
                                 private surroundings_listener {
 public:
  /// Takes over an open socket.
  browser_connection(loop& home, const limits& values, const keepalive& alive, bool heartbeats,
                     std::string subprotocol, std::unique_ptr<browser_socket> socket);

  /// Starts the connection. It owns itself until the socket has ended.
  void start();

  [[nodiscard]] bool is_open() const noexcept override { return session_.is_open(); }
  [[nodiscard]] bool settled() const noexcept override { return session_.settled(); }
  [[nodiscard]] close_info info() const override { return session_.info(); }
  [[nodiscard]] error failure() const override { return session_.failure(); }
  [[nodiscard]] std::size_t buffered() const noexcept override { return held_by_socket() + outbound_.size(); }
  void watch_drain() override;
  void probe(bool replaced) override;
  [[nodiscard]] twinsocket::counters counted() const noexcept override { return counted_; }
  [[nodiscard]] limits limits_now() const override { return session_.limits_now(); }

 private:
  bool next(message& out) override;
  errc push(const outgoing& m) override;
  [[nodiscard]] bool congested() const noexcept override { return congested_; }
  void apply_limits(const limits& values) override;
  void begin_close(close_code code, std::string reason) override;
  void cut() override;
  // The event loop of the page lives as long as the program.
  void lose_loop() override {}

  void opened(std::string_view) override {}
  bool received(message_kind kind, std::size_t size) override;
  void ended(close_code code, std::string_view reason, std::string_view why) override;
  void alarm() override;

  void flush() override;
  void on_time(time_point now) override;
  void changed(surroundings now) override;

  [[nodiscard]] std::size_t held_by_socket() const noexcept { return socket_ ? socket_->buffered() : 0; }
  [[nodiscard]] bool make_room(const outgoing& m);
  errc hand_over(message_kind kind, std::span<const std::byte> bytes);
  void hand_over_waiting(bool all);
  void ask_again();

  message_session session_;
  inbound messages_;
  outbound outbound_;  // Messages that were not passed to the socket yet and that an overflow policy may drop.
  twinsocket::counters counted_;
  std::unique_ptr<browser_socket> socket_;
  time_point alarm_ = time_point::max();  // The time for which the timer of the socket is set.
  std::shared_ptr<connection_state> self_;
  bool congested_ = false;
  bool drain_is_watched_ = false;
  bool released_ = false;
};

}  // namespace twinsocket::detail
