#pragma once

// The two connections of a redis_broker and its subscriptions. A connection that has subscriptions can do nothing else
// (RESP2). Lives on one event loop, in a coroutine of it.

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "channels/redis_connection.hpp"
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

class redis_client final : private loop_service {
 public:
  explicit redis_client(redis_state& state);
  redis_client(const redis_client&) = delete;
  ~redis_client();

  /// Runs until stop(), or until the event loop ends.
  static task<void> run(std::shared_ptr<redis_state> state);
  void stop() { stopped_.set(); }

  /// Sends a command that is no subscription.
  [[nodiscard]] result<std::shared_ptr<redis_request>> send(redis_command command);

  /// Adds a subscription, and asks the server for it. It is kept, also over lost connections, until unsubscribe().
  [[nodiscard]] result<std::shared_ptr<redis_request>> subscribe(const std::string& channel);
  /// Removes a subscription. Null if there is nothing to wait for.
  std::shared_ptr<redis_request> unsubscribe(const std::string& channel);

 private:
  struct subscription {
    std::shared_ptr<const std::string> channel;
    std::size_t count = 0;
  };
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
  };

  void on_loop_close() override { on_loop_drain(); }
  void on_loop_drain() override;
  void on_loop_end() override {}
  [[nodiscard]] redis_connection_hooks command_hooks();
  [[nodiscard]] redis_connection_hooks subscription_hooks();
  [[nodiscard]] std::vector<redis_command> subscribe_again() const;
  [[nodiscard]] bool deliver(const redis_value& reply);
  void update_health();

  redis_state& state_;
  const std::shared_ptr<redis_connection> commands_;
  const std::shared_ptr<redis_connection> subscriptions_;
  std::unordered_map<std::string, subscription, text_hash, std::equal_to<>> subscribed_;  // By the name on the server.
  loop_event stopped_;
};

}  // namespace twinsocket::detail
