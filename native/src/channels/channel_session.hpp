#pragma once

// A connection that speaks the protocol of channels: carries out its requests, one after the other.

#include <optional>
#include <string>

#include "channels/channel_participant.hpp"
#include "twinsocket/any_codec.hpp"

namespace twinsocket::detail {

class channel_session final : private channel_delivery {
 public:
  channel_session(std::shared_ptr<channel_hub> hub, connection& socket, const request& req, const any_codec& codec)
      : hub_(std::move(hub)), socket_(socket), req_(req), codec_(codec), participant_(hub_, *this) {}

  /// Runs until the connection ends, and leaves all channels. Rethrows what a hook has thrown.
  [[nodiscard]] task<void> run();

 private:
  [[nodiscard]] task<result<subscription>> begin(std::string channel, const channel_options& options) override;
  void end(const std::string&) noexcept override {}

  [[nodiscard]] task<void> serve_requests();
  [[nodiscard]] task<void> send(channel_protocol::response answer);
  [[nodiscard]] task<channel_protocol::response_value> respond(channel_protocol::request asked);
  [[nodiscard]] task<channel_protocol::response_value> connect(channel_protocol::connect_request asked);

  const std::shared_ptr<channel_hub> hub_;
  connection& socket_;
  const request& req_;
  const any_codec codec_;
  std::optional<std::string> refusal_;  // Why the client may not connect.
  channel_participant participant_;
};

}  // namespace twinsocket::detail
