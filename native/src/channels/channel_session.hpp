#pragma once

// One client's connection: carries out its requests, one after the other.

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>

#include "channels/channel_hub.hpp"
#include "channels/rate_limit.hpp"

namespace twinsocket::detail {

class channel_session {
 public:
  channel_session(std::shared_ptr<channel_hub> hub, connection& socket, const request& req, const any_codec& codec);

  channel_session(const channel_session&) = delete;
  channel_session& operator=(const channel_session&) = delete;
  ~channel_session();

  /// Runs until the connection ends, and leaves all channels. Rethrows what a hook has thrown.
  [[nodiscard]] task<void> run();

 private:
  using time_point = std::chrono::steady_clock::time_point;
  struct membership {
    subscription listening;
    bool present = false;  // In the broker's list.
  };

  [[nodiscard]] task<void> serve_requests();
  [[nodiscard]] task<void> send(channel_protocol::response answer);
  [[nodiscard]] task<channel_protocol::response_value> respond(channel_protocol::request asked);
  [[nodiscard]] task<channel_protocol::response_value> connect(channel_protocol::connect_request asked);
  [[nodiscard]] task<channel_protocol::response_value> subscribe(channel_protocol::subscribe_request asked);
  [[nodiscard]] task<channel_protocol::response_value> publish(channel_protocol::publish_request asked);
  [[nodiscard]] task<channel_protocol::response_value> history(channel_protocol::history_request asked);
  [[nodiscard]] task<channel_protocol::response_value> presence(channel_protocol::presence_request asked);

  [[nodiscard]] task<channel_protocol::response_value> join(std::string channel, const channel_options& options);
  [[nodiscard]] task<channel_protocol::response_value> recover(channel_protocol::subscribe_request asked,
                                                               const channel_options& options);
  [[nodiscard]] task<void> leave(std::string channel);
  [[nodiscard]] task<void> renew_presence();
  [[nodiscard]] task<result<void>> add_presence(std::string channel);

  [[nodiscard]] std::chrono::milliseconds hook_timeout() const noexcept { return hub_->options().hook_timeout(); }
  [[nodiscard]] channel_protocol::member self() const { return {who_.client, who_.user, who_.info}; }
  [[nodiscard]] bool is_connected() const noexcept { return !who_.client.empty(); }

  const std::shared_ptr<channel_hub> hub_;
  connection& socket_;
  const request& req_;
  const any_codec codec_;
  channel_user who_;
  std::optional<std::string> refusal_;  // Why the client may not connect.
  std::unordered_map<std::string, membership> memberships_;
  rate_limit rate_;
};

}  // namespace twinsocket::detail
