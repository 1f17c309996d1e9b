#pragma once

// What a client of channels does, without a connection: which messages it sends, and which events its subscriptions get.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "twinsocket/async_queue.hpp"
#include "twinsocket/channel_client.hpp"
#include "twinsocket/channel_protocol.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

struct channel_subscription_state {
  channel_subscription_state(std::string name, std::size_t capacity) : channel(std::move(name)), events(capacity) {}

  enum class phase : std::uint8_t {
    waiting,      ///< For a connection, or for room in the queue.
    subscribing,  ///< The request is sent.
    live,
    ended,
  };

  const std::string channel;
  phase at = phase::waiting;
  std::optional<channel_protocol::position> last;
  bool was_live = false;
  bool overflowed = false;    // Events were dropped since the queue was full.
  std::uint32_t request = 0;  // The SubscribeRequest that has no response yet; 0 for none.
  async_queue<channel_event> events;
  std::vector<channel_protocol::server_message> early;  // Came before the response.
  error why{errc::closed};                              // Once it has ended.
};

class channel_client_machine {
 public:
  using response_function = std::function<void(result<channel_protocol::response_value>)>;
  using subscription = std::shared_ptr<channel_subscription_state>;

  /// The keys of publications begin with `key_prefix`: unique among all clients.
  channel_client_machine(std::size_t queue, std::size_t max_requests, std::string key_prefix)
      : queue_(queue), max_requests_(max_requests), key_prefix_(std::move(key_prefix)) {}

  // Of the application.

  [[nodiscard]] subscription subscribe(std::string channel, std::optional<channel_protocol::position> since);
  void unsubscribe(const subscription& one);
  /// An event was taken out of the queue.
  void on_taken(const subscription& one);
  /// Calls `done` once: with the response, or with an error. Returns the number of the request; 0 if it has failed at once.
  std::uint32_t request(channel_protocol::request what, response_function done);
  /// Nobody waits for the response any more.
  void forget(std::uint32_t id);

  // Of the connection.

  /// The server has accepted the client on a new connection.
  void on_connected();
  void on_disconnected();
  void on_message(channel_protocol::server_message received);
  /// The client has ended for good.
  void end(const error& why);

  /// A subscription that could not be made now is to be tried again after a while.
  [[nodiscard]] std::vector<subscription> take_postponed() { return std::exchange(postponed_, {}); }
  void retry(const subscription& one);

  /// The message of this request could not be sent.
  void refuse(std::uint32_t id, const error& why);
  /// The messages to send now.
  [[nodiscard]] std::vector<channel_protocol::client_message> take_output() { return std::exchange(output_, {}); }

 private:
  using phase = channel_subscription_state::phase;
  struct pending {
    channel_protocol::request what;
    response_function done;
    subscription subscribing;  // Set for a SubscribeRequest of its own, which is not repeated as it is.
    bool postponed = false;    // Until its channel is subscribed.
  };

  [[nodiscard]] std::uint32_t next_id();
  void send(std::uint32_t id, const pending& one);
  void begin(const subscription& one);
  void on_response(channel_protocol::response answer);
  void on_subscribed(channel_subscription_state& one, channel_protocol::response_value value, const subscription& self);
  [[nodiscard]] bool may_follow_subscription(const pending& one) const;
  void send_postponed(const std::string& channel);
  void resume(channel_subscription_state& one, channel_protocol::subscribe_response answer);
  void deliver(const subscription& one, channel_protocol::server_message what);
  void on_publication(const subscription& one, channel_protocol::published what);
  void push(channel_subscription_state& one, channel_event what);
  void forget_request(channel_subscription_state& one);
  void finish(const subscription& one, error why);
  [[nodiscard]] subscription find(const std::string& channel) const;

  const std::size_t queue_;
  const std::size_t max_requests_;
  bool connected_ = false;
  std::optional<error> ended_;
  std::map<std::string, subscription> subscriptions_;
  std::map<std::uint32_t, pending> pending_;  // In the order in which they were made.
  std::uint32_t last_id_ = 0;
  const std::string key_prefix_;
  std::uint64_t keys_ = 0;
  std::vector<channel_protocol::client_message> output_;
  std::vector<subscription> postponed_;
};

}  // namespace twinsocket::detail
