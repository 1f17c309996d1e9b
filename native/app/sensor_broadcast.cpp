#include "sensor_broadcast.hpp"

namespace twinsocket::app {

namespace {

constexpr const char* topic = "readings";

}  // namespace

class sensor_broadcast::listener {
 public:
  // The first listener subscribes to the feed, which then sends the latest snapshot or reads at once.
  listener(sensor_broadcast& to, connection& socket) : to_(to) {
    const std::scoped_lock lock(to_.mutex_);
    // For a slow client only the newest unsent reading stays queued.
    heard_ = to_.topics_.subscribe(socket, topic, send_options().key("reading"));
    if (to_.topics_.subscribers(topic) != 1) return;
    to_.hearing_ = to_.feed_.subscribe([&all = to_](const std::shared_ptr<const snapshot>& now) {
      if (const auto& message = (*now.*all.encoded_)()) all.topics_.publish(topic, *message);
    });
  }
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;
  ~listener() {
    const std::scoped_lock lock(to_.mutex_);
    heard_.reset();
    if (to_.topics_.subscribers(topic) == 0) to_.hearing_.reset();
  }

 private:
  sensor_broadcast& to_;
  subscription heard_;
};

task<void> sensor_broadcast::send_to(connection socket) {
  const listener here(*this, socket);
  // Messages of the client are ignored. receive() fails when the client has disconnected.
  while (co_await socket.receive()) continue;
}

}  // namespace twinsocket::app
