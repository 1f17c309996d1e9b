#include "sensor_publisher.hpp"

namespace twinsocket::app {

namespace {

constexpr const char* topic = "readings";

}  // namespace

class sensor_publisher::client_subscription {
 public:
  // The first listener subscribes to the feed, which then sends the latest snapshot or reads at once.
  client_subscription(sensor_publisher& to, connection& socket) : to_(to) {
    const std::scoped_lock lock(to_.mutex_);
    // For a slow client only the newest unsent reading stays queued.
    topic_subscription_ = to_.topics_.subscribe(socket, topic, send_options().key("reading"));
    if (to_.topics_.subscribers(topic) != 1) return;
    to_.feed_subscription_ = to_.feed_.subscribe([&all = to_](const std::shared_ptr<const snapshot>& now) {
      if (const auto& message = (*now.*all.encoded_)()) all.topics_.publish(topic, *message);
    });
  }
  client_subscription(const client_subscription&) = delete;
  client_subscription& operator=(const client_subscription&) = delete;
  ~client_subscription() {
    const std::scoped_lock lock(to_.mutex_);
    topic_subscription_.reset();
    if (to_.topics_.subscribers(topic) == 0) to_.feed_subscription_.reset();
  }

 private:
  sensor_publisher& to_;
  subscription topic_subscription_;
};

task<void> sensor_publisher::send_to(connection socket) {
  const client_subscription here(*this, socket);
  // Messages of the client are ignored. receive() fails when the client has disconnected.
  while (co_await socket.receive()) continue;
}

}  // namespace twinsocket::app
