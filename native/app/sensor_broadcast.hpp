#pragma once

// Readings for all who ask for them over WebSocket.

#include <mutex>
#include <string>

#include "sensors/feed.hpp"
#include "twinsocket/connection.hpp"
#include "twinsocket/native/topics.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::app {

/// The readings of a feed in one form, published once for all. The feed is heard while somebody listens here.
class sensor_broadcast {
 public:
  using form = const result<prepared_message>& (snapshot::*)() const;

  sensor_broadcast(sensor_feed& feed, form encoded) : feed_(feed), encoded_(encoded) {}

  /// Sends each reading, the latest one at once, until the client leaves. It may be called on any thread; what it captures
  /// must outlive the server.
  [[nodiscard]] task<void> send_to(connection socket);

 private:
  class listener;

  sensor_feed& feed_;
  const form encoded_;
  // Who comes just after the first gets its reading too.
  topics topics_{topic_options().history(1)};
  std::mutex mutex_;
  sensor_feed::subscription hearing_;
};

}  // namespace twinsocket::app
