#pragma once

// Publishes sensor readings to WebSocket clients.

#include <mutex>
#include <string>

#include "sensors/feed.hpp"
#include "twinsocket/connection.hpp"
#include "twinsocket/native/topics.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::app {

/// Publishes the readings of a feed in one encoding. It is subscribed to the feed only while it has clients.
class sensor_publisher {
 public:
  using encoding = const result<prepared_message>& (snapshot::*)() const;

  sensor_publisher(sensor_feed& feed, encoding encoded) : feed_(feed), encoded_(encoded) {}

  /// Sends the latest reading at once and each new one, until the client disconnects. Thread-safe. This object must outlive
  /// the server.
  [[nodiscard]] task<void> send_to(connection socket);

 private:
  class client_subscription;

  sensor_feed& feed_;
  const encoding encoded_;
  // A history of one, so that later clients get the current reading at once too.
  topics topics_{topic_options().history(1)};
  std::mutex mutex_;
  sensor_feed::subscription feed_subscription_;
};

}  // namespace twinsocket::app
