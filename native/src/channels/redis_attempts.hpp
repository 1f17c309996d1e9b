#pragma once

// Repeats the call of a channel that a cluster redirects, or cannot serve yet.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "channels/redis_client.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {

/// Before another attempt where nothing tells when to make it.
inline constexpr std::chrono::milliseconds redis_retry_delay(50);

/// The error with which a server has answered. Valid as long as the request.
[[nodiscard]] std::optional<std::string_view> refusal_of(const redis_request& request);

class redis_attempts {
 public:
  /// True for an answer after which the call may be made again.
  [[nodiscard]] static bool may_repeat(const redis_request& request);

  /// Sends a command to the node that has the channel's slot, or that was named for this attempt.
  [[nodiscard]] redis_client::sent_request send(redis_client& client, std::string_view channel, redis_command command);
  /// Returns once the call can be made again, or the error with which it ends. At most 8 redirections are followed, and other
  /// answers are waited for as long as for a connection.
  task<result<void>> prepare(std::shared_ptr<redis_state> state, std::shared_ptr<redis_request> last);

 private:
  int redirections_ = 0;
  std::optional<redis_address> ask_;  // For the next attempt only.
  time_point until_ = time_point::max();
};

}  // namespace twinsocket::detail
