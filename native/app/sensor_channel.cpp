#include "sensor_channel.hpp"

#include <algorithm>
#include <boost/asio/ip/host_name.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "demo-site/messages.hpp"
#include "demo-site/server/routes.hpp"
#include "twinsocket/async_queue.hpp"
#include "twinsocket/json.hpp"

namespace twinsocket::app {

namespace {

/// Publishes the readings of a feed while the channel is occupied.
class publisher : public std::enable_shared_from_this<publisher> {
 public:
  publisher(channels& to, std::string channel, sensor_feed& feed, bool is_shared)
      : to_(to), channel_(std::move(channel)), feed_(feed), is_shared_(is_shared) {}
  [[nodiscard]] const std::string& channel() const noexcept { return channel_; }

  // Both are called on an event loop, one after the other.
  void start() {
    queue_ = std::make_shared<queue>(max_waiting);
    spawn(publish_all(shared_from_this(), queue_));
    subscription_ = feed_.subscribe(
        [to = queue_](const std::shared_ptr<const snapshot>& now) { static_cast<void>(to->try_push(now)); });
  }
  void stop() {
    subscription_.reset();
    if (queue_) queue_->close();
  }

 private:
  using queue = async_queue<std::shared_ptr<const snapshot>>;
  static constexpr std::size_t max_waiting = 4;

  static task<void> publish_all(std::shared_ptr<publisher> self, std::shared_ptr<queue> from) {
    for (;;) {
      const auto now = co_await from->pop();
      if (!now) break;
      const std::string key = self->key_of((*now)->report().time);
      const auto made = co_await self->to_.publish(self->channel_, json, (*now)->report(), key);
      static_cast<void>(made);  // The next one follows soon.
    }
  }

  // Several servers of a host give the readings of one interval the same key. Those of this server all differ.
  std::string key_of(std::int64_t time) {
    if (!is_shared_) return {};
    last_ = std::max(last_ + 1, time / std::max<std::int64_t>(feed_.interval().count(), 1));
    return std::to_string(last_);
  }

  channels& to_;
  const std::string channel_;
  sensor_feed& feed_;
  const bool is_shared_;
  std::shared_ptr<queue> queue_;
  sensor_feed::subscription subscription_;
  std::int64_t last_ = 0;
};

}  // namespace

std::string channel_of_host() {
  constexpr std::size_t max_host_size = 60;
  boost::system::error_code failure;
  const std::string name = boost::asio::ip::host_name(failure);
  return "sensors:" + (failure ? "host" : name.substr(0, max_host_size));
}

void add_sensor_namespace(channels& to, const serve_settings& settings, sensor_feed& feed) {
  const auto one = std::make_shared<publisher>(to, channel_of_host(), feed, settings.broker != "memory");
  const auto kept_for = 2 * settings.interval + std::chrono::seconds(1);
  const auto options = sensor_channel_options(kept_for).on_occupied([one](std::string_view channel, bool occupied) {
    if (channel != one->channel()) return;
    if (occupied) return one->start();
    one->stop();
  });
  static_cast<void>(to.add("sensors", options));
}

}  // namespace twinsocket::app
