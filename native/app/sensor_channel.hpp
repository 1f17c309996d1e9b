#pragma once

// The channel of the sensor readings.

#include <string>

#include "options.hpp"
#include "sensors/feed.hpp"
#include "twinsocket/native/channels.hpp"

namespace twinsocket::app {

/// The channel of the readings of this host: "sensors:HOST".
[[nodiscard]] std::string channel_of_host();

/// Adds the namespace "sensors" with one channel for each host, in which demo::sensor_report is published as JSON while it has
/// subscribers on a server there. Of several servers of one host that share a broker, one publishes in each interval. The feed
/// must outlive the server.
void add_sensor_namespace(channels& to, const serve_settings& settings, sensor_feed& feed);

}  // namespace twinsocket::app
