#pragma once

// The calls of a redis_broker, as they run on the event loop of its client. They share the state, because the broker may be
// destroyed before they end.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "channels/redis_client.hpp"
#include "twinsocket/native/broker.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {

using redis_state_ptr = std::shared_ptr<redis_state>;

[[nodiscard]] task<result<std::optional<broker_position>>> redis_publish(redis_state_ptr state, std::string channel,
                                                                         std::string bytes,
                                                                         broker_publish_options options);
[[nodiscard]] task<result<void>> redis_subscribe(redis_state_ptr state, std::string channel);
[[nodiscard]] task<result<void>> redis_unsubscribe(redis_state_ptr state, std::string channel);
[[nodiscard]] task<result<broker_history>> redis_history(redis_state_ptr state, std::string channel,
                                                         std::uint64_t since, std::size_t limit);
[[nodiscard]] task<result<void>> redis_add_presence(redis_state_ptr state, std::string channel, std::string client,
                                                    std::string bytes, std::chrono::milliseconds time);
[[nodiscard]] task<result<void>> redis_remove_presence(redis_state_ptr state, std::string channel, std::string client);
[[nodiscard]] task<result<std::vector<broker_member>>> redis_presence(redis_state_ptr state, std::string channel);
[[nodiscard]] task<result<void>> redis_remove(redis_state_ptr state, std::string channel);

}  // namespace twinsocket::detail
