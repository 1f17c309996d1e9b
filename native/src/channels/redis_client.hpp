#pragma once

// The servers of a redis_broker, and its subscriptions. A single server has two connections, because one that has
// subscriptions can do nothing else (RESP2). So has each node of a cluster that is needed: a call goes to the node that has the
// slot of its channel. Lives on one event loop, in a coroutine of it.
//
// The first connection is to the server of the URL, and learns whether that is a node of a cluster, and which nodes have the slots.
// In a cluster it is used for nothing else: its host may be a name of several nodes.

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "channels/redis_connection.hpp"
#include "channels/redis_slots.hpp"
#include "loop.hpp"
#include "loop_event.hpp"
#include "twinsocket/detail/loop_handle.hpp"
#include "twinsocket/native/broker.hpp"

namespace twinsocket::detail {

class redis_client;

/// Shared by the broker, its client and the calls.
struct redis_state {
  explicit redis_state(redis_settings values);

  const std::shared_ptr<const redis_settings> settings;
  std::weak_ptr<broker_listener> listener;  ///< Set before the first call.
  redis_client* client = nullptr;           ///< Used on its own event loop only. Null if it does not run.

  mutable std::mutex mutex;
  std::shared_ptr<loop_handle> own_loop;  ///< Guarded by the mutex. Null before the first call.
  broker_health health;                   ///< Guarded by the mutex.
};

/// A server: the one of the URL, or a node of a cluster.
struct redis_node {
  std::shared_ptr<const redis_settings> settings;
  bool in_cluster = false;
  std::shared_ptr<redis_connection> commands;
  std::shared_ptr<redis_connection> subscriptions;

  [[nodiscard]] const error& last_error() const;
};

class redis_client final : private loop_service {
 public:
  using sent_request = result<std::shared_ptr<redis_request>>;

  explicit redis_client(std::shared_ptr<redis_state> state);
  redis_client(const redis_client&) = delete;
  ~redis_client();

  /// Runs until stop(), or until the event loop ends.
  static task<void> run(std::shared_ptr<redis_state> state);
  void stop() { stopped_.set(); }

  /// Sends a command with keys of the channel.
  [[nodiscard]] sent_request send(std::string_view channel, redis_command command);
  /// Sends it to the node that an ASK names.
  [[nodiscard]] sent_request send(std::string_view channel, const redis_address& to, redis_command command);
  /// Notes which node has a slot. Returns true if that is new.
  bool redirect(const redis_redirection& moved);

  /// Adds a subscription. It is kept, also over lost connections, until unsubscribe().
  void add_subscription(const std::string& channel);
  /// Asks the server for it.
  [[nodiscard]] sent_request subscribe(const std::string& channel);
  /// True once a server has confirmed it.
  [[nodiscard]] bool is_subscribed(const std::string& channel) const;
  /// Removes a subscription. Null if there is nothing to wait for.
  std::shared_ptr<redis_request> unsubscribe(const std::string& channel);

 private:
  enum class subscription_phase {
    pending,    ///< Has never been confirmed.
    confirmed,  ///< Its publications are received.
    missed,     ///< Was confirmed, and is lost.
  };
  struct subscription {
    std::shared_ptr<const std::string> channel;
    std::size_t count = 0;
    redis_node* node = nullptr;  // The one that was asked.
    subscription_phase phase = subscription_phase::pending;
  };
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
  };
  using slot_map = std::vector<redis_node*>;

  void on_loop_close() override { on_loop_drain(); }
  void on_loop_drain() override;
  void on_loop_end() override {}

  [[nodiscard]] std::shared_ptr<redis_node> make_node(std::shared_ptr<const redis_settings> settings, bool in_cluster);
  [[nodiscard]] redis_node* node_at(const redis_address& address, const redis_node& told_by);
  [[nodiscard]] redis_node& node_of(std::string_view channel) const;
  [[nodiscard]] redis_connection_hooks subscription_hooks(redis_node& of);
  [[nodiscard]] result<void> on_slots(const redis_node& told_by, const redis_value& reply);
  void remove_unused();
  void refresh_slots(redis_node* from);
  static task<void> refresh(std::shared_ptr<redis_state> state, std::shared_ptr<redis_node> from);
  void on_change(const redis_node& of);
  void update_health();
  void log_masters();

  static void end_sharded(const redis_node& of, std::string_view name);
  [[nodiscard]] std::vector<redis_command> subscribe_again() const;
  [[nodiscard]] bool on_push(redis_node& from, const redis_value& reply);
  void deliver(const redis_node& from, std::string_view name, std::string_view payload);
  void on_confirmed(const redis_node& by, std::string_view name);
  void on_removed(const redis_node& by, std::string_view name);
  void on_subscriptions_lost(const redis_node& of);
  /// `is_one` tells of which subscriptions, of those that are missed.
  void restore_missed(const std::function<bool(const subscription&)>& is_one);
  [[nodiscard]] bool can_restore(std::string_view name);
  [[nodiscard]] std::shared_ptr<redis_request> ask_for(std::string_view name);
  static task<void> restore(std::shared_ptr<redis_state> state, std::vector<std::string> names);

  const std::shared_ptr<redis_state> state_;
  const std::shared_ptr<redis_node> first_;                   // That of the URL.
  std::map<std::string, std::shared_ptr<redis_node>> nodes_;  // Of a cluster, by host and port.
  slot_map slots_;                                            // Empty if there is no cluster.
  std::unordered_map<std::string, subscription, text_hash, std::equal_to<>> subscribed_;  // By the name on the server.
  std::string masters_;                          // Addresses, as they were logged.
  std::shared_ptr<redis_node> refreshing_from_;  // Is being asked which nodes have the slots.
  loop_event stopped_;
};

}  // namespace twinsocket::detail
