#pragma once

// A client_machine on a reconnecting connection.

#include <memory>
#include <optional>
#include <string>

#include "channels/client_machine.hpp"
#include "twinsocket/channel_client.hpp"
#include "twinsocket/reconnect.hpp"

namespace twinsocket::detail {

class channel_client_state : public std::enable_shared_from_this<channel_client_state> {
 public:
  explicit channel_client_state(channel_client_options options);

  void start(std::string url, task<result<connection>> (*connect)(std::string url, connect_options options));
  void close();

  [[nodiscard]] channel_client_machine& machine() noexcept { return machine_; }
  [[nodiscard]] const std::optional<channel_protocol::connect_response>& identity() const noexcept { return identity_; }
  [[nodiscard]] reconnect_status status() const { return socket_->status(); }
  void retry_now() { socket_->retry_now(); }

  /// Sends what the machine has to send.
  void flush();
  [[nodiscard]] task<result<channel_protocol::response_value>> ask(channel_protocol::request what);

 private:
  [[nodiscard]] task<result<void>> greet(connection& fresh);
  [[nodiscard]] static task<void> pump(std::shared_ptr<channel_client_state> self);
  [[nodiscard]] static task<void> flush_on_change(std::shared_ptr<channel_client_state> self);
  void retry_later();

  const channel_client_options options_;
  channel_client_machine machine_;
  std::unique_ptr<reconnecting_connection> socket_;
  std::optional<channel_protocol::connect_response> identity_;
};

}  // namespace twinsocket::detail
