#include "demo-site/server/page/sensor_publisher.hpp"

#include <chrono>
#include <memory>
#include <utility>

#include "demo-site/server/routes.hpp"
#include "demo-site/server/simulated_readings.hpp"
#include "twinsocket/chrono.hpp"
#include "twinsocket/json.hpp"

namespace twinsocket::app {

namespace {

constexpr std::chrono::seconds interval(1);

std::int64_t wall_clock() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

class publisher : public std::enable_shared_from_this<publisher> {
 public:
  publisher(channels& to, std::string channel) : to_(to), channel_(std::move(channel)) {}

  void set_occupied(std::string_view channel, bool occupied) {
    if (channel != channel_) return;
    occupied_ = occupied;
    if (occupied_ && !std::exchange(is_running_, true)) spawn(run(shared_from_this()));
  }

 private:
  static task<void> run(std::shared_ptr<publisher> self) {
    while (self->occupied_) {
      demo::sensor_report report;
      report.source = "simulated";
      report.time = wall_clock();
      report.readings = simulated_readings(self->reads_++, report.time);
      static_cast<void>(co_await self->to_.publish(self->channel_, json, report));
      co_await sleep_for(interval);
    }
    self->is_running_ = false;
  }

  channels& to_;
  const std::string channel_;
  unsigned reads_ = 0;
  bool occupied_ = false;
  bool is_running_ = false;
};

}  // namespace

void add_simulated_sensors(channels& to, std::string channel) {
  const auto one = std::make_shared<publisher>(to, std::move(channel));
  const auto options = sensor_channel_options(3 * interval).on_occupied([one](std::string_view name, bool occupied) {
    one->set_occupied(name, occupied);
  });
  static_cast<void>(to.add("sensors", options));
}

}  // namespace twinsocket::app
