#pragma once

// Passes what happens in channels on to the connections of one route that speak no subprotocol of channels. A room is a
// channel that has such connections on this server.
//
// All of them receive publications in the order of their offsets. `last` is the one that was delivered last: the history that a
// new connection receives ends there, and what follows is delivered to it as to the others.

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "channels/channel_hub.hpp"
#include "twinsocket/native/plain_channel.hpp"
#include "twinsocket/native/topics.hpp"

namespace twinsocket::detail {

class plain_delivery final : public channel_listener, public std::enable_shared_from_this<plain_delivery> {
 public:
  plain_delivery(std::shared_ptr<channel_hub> hub, plain_channel how) : hub_(std::move(hub)), how_(std::move(how)) {}

  [[nodiscard]] const std::shared_ptr<channel_hub>& hub() const noexcept { return hub_; }
  [[nodiscard]] const plain_channel& how() const noexcept { return how_; }

  /// Sends the history, and from then on what is published. Followed by end() if it succeeds.
  [[nodiscard]] task<result<subscription>> begin(connection& socket, std::string channel,
                                                 const channel_options& options);
  void end(const connection& socket, const std::string& channel) noexcept;

  void on_event(std::string_view channel, const broker_event& what, const broker_position& at) override;
  void on_gap(std::string_view channel) override;
  [[nodiscard]] std::size_t subscribers(std::string_view channel) const override;

 private:
  class entry;
  struct arrival {
    broker_position at;
    broker_event what;
  };
  struct room {
    std::map<std::string, std::size_t, std::less<>> members;  // By subprotocol.
    std::optional<broker_position> last;                      // Nothing before the first history has arrived.
    bool incomplete = false;       // Publications after `last` are missing until a history arrives.
    std::vector<arrival> waiting;  // What arrived since that history was asked for.
    bool overflowed = false;       // `waiting` is not all of it.
  };

  [[nodiscard]] std::optional<message> encode(const plain_channel_event& event, std::string_view subprotocol) const;
  // Called with the mutex locked.
  void deliver(const std::string& channel, const room& to, const plain_channel_event& event);
  void send_history(connection& socket, const std::string& channel, const broker_history& kept,
                    const broker_position& last) const;

  /// Delivers what a room has missed, until it is complete or gone.
  static task<void> complete(std::shared_ptr<plain_delivery> self, std::string channel);
  static task<void> complete_all(std::shared_ptr<plain_delivery> self);
  [[nodiscard]] std::optional<std::string> next_missed();
  /// False if the room is complete or gone.
  [[nodiscard]] bool ask_for_missed(const std::string& channel);
  void deliver_missed(const std::string& channel, const broker_history& kept);
  // Called with the mutex locked.
  void deliver_in_order(const std::string& channel, room& to, const broker_position& at, const broker_event& what);

  const std::shared_ptr<channel_hub> hub_;
  const plain_channel how_;
  topics subscribers_;  // Named by subprotocol and channel.
  mutable std::mutex mutex_;
  std::unordered_map<std::string, room> rooms_;
  std::deque<std::string> missed_;  // Channels to complete.
  bool completing_ = false;
};

}  // namespace twinsocket::detail
