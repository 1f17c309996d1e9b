#pragma once

// A connection that speaks no subprotocol of channels: receives what is published in one channel, and publishes what it sends.

#include <memory>
#include <string>

#include "channels/channel_participant.hpp"
#include "channels/plain_delivery.hpp"

namespace twinsocket::detail {

class plain_session final : private channel_delivery {
 public:
  plain_session(std::shared_ptr<plain_delivery> delivery, connection& socket, const request& req)
      : delivery_(std::move(delivery)), socket_(socket), req_(req), participant_(delivery_->hub(), *this) {}

  /// Runs until the connection ends, and leaves the channel. Rethrows what a function of the application has thrown.
  [[nodiscard]] task<void> run();

 private:
  [[nodiscard]] task<result<subscription>> begin(std::string channel, const channel_options& options) override;
  void end(const std::string& channel) noexcept override { delivery_->end(socket_, channel); }

  [[nodiscard]] task<void> serve();
  [[nodiscard]] task<void> receive_all(std::string channel);
  /// False if the connection was closed.
  [[nodiscard]] task<bool> publish(std::string channel, const message& received);
  void refuse(const channel_protocol::failure& why);

  const std::shared_ptr<plain_delivery> delivery_;
  connection& socket_;
  const request& req_;
  channel_participant participant_;
};

}  // namespace twinsocket::detail
