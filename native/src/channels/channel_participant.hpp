#pragma once

// What one connection may do in channels: its requests with their checks, limits and hooks, one after the other. How pushes
// reach the connection is up to its protocol.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "channels/channel_hub.hpp"
#include "channels/rate_limit.hpp"

namespace twinsocket::detail {

/// Passes what is published in a channel to the connection.
class channel_delivery {
 public:
  virtual ~channel_delivery() = default;
  /// Publications are passed on from the end of the task, as long as the subscription exists.
  [[nodiscard]] virtual task<result<subscription>> begin(std::string channel, const channel_options& options) = 0;
  /// Called once for each begin(), before the subscription is destroyed.
  virtual void end(const std::string& channel) noexcept = 0;
};

class channel_participant {
 public:
  channel_participant(std::shared_ptr<channel_hub> hub, channel_delivery& delivery)
      : hub_(std::move(hub)),
        delivery_(delivery),
        rate_(hub_->options().max_publications_per_second(), std::chrono::steady_clock::now()) {}
  channel_participant(const channel_participant&) = delete;
  channel_participant& operator=(const channel_participant&) = delete;
  ~channel_participant();

  /// Who it is from now on. A name of the connection is made. False if a text is not UTF-8.
  [[nodiscard]] bool introduce(channel_user who);
  [[nodiscard]] const channel_user& who() const noexcept { return who_; }
  [[nodiscard]] bool is_introduced() const noexcept { return !who_.client.empty(); }

  [[nodiscard]] task<channel_protocol::response_value> subscribe(channel_protocol::subscribe_request asked);
  [[nodiscard]] task<channel_protocol::response_value> publish(channel_protocol::publish_request asked);
  [[nodiscard]] task<channel_protocol::response_value> history(channel_protocol::history_request asked);
  [[nodiscard]] task<channel_protocol::response_value> presence(channel_protocol::presence_request asked);

  /// Subscribes without a look at what was missed. Why not, or nothing.
  [[nodiscard]] task<std::optional<channel_protocol::failure>> enter(std::string channel);
  [[nodiscard]] task<void> leave(std::string channel);
  [[nodiscard]] task<void> leave_all();

  /// Due after each renewal_interval().
  [[nodiscard]] task<void> renew_presence();
  [[nodiscard]] std::chrono::nanoseconds renewal_interval() const;
  [[nodiscard]] std::chrono::milliseconds hook_timeout() const noexcept { return hub_->options().hook_timeout(); }

 private:
  struct membership {
    subscription listening;
    bool present = false;  // In the broker's list.
  };

  [[nodiscard]] task<std::optional<channel_protocol::failure>> join(std::string channel,
                                                                    const channel_options& options);
  [[nodiscard]] task<channel_protocol::response_value> recover(channel_protocol::subscribe_request asked,
                                                               const channel_options& options);
  [[nodiscard]] task<result<void>> add_presence(std::string channel);
  [[nodiscard]] channel_protocol::member self() const { return {who_.client, who_.user, who_.info}; }

  const std::shared_ptr<channel_hub> hub_;
  channel_delivery& delivery_;
  channel_user who_;
  std::unordered_map<std::string, membership> memberships_;
  rate_limit rate_;
};

}  // namespace twinsocket::detail
