#pragma once

// The channel of the sensor readings.

#include "options.hpp"
#include "sensors/feed.hpp"
#include "twinsocket/native/channels.hpp"
#include "twinsocket/native/server.hpp"

namespace twinsocket::app {

/// Adds the namespace "sensors" with one channel for each host, "sensors:HOST", in which demo::sensor_report is published as
/// JSON while it has subscribers on a server there. Of several servers of one host that share a broker, one publishes in each
/// interval. The feed must outlive the server.
void add_sensor_namespace(channels& to, const serve_settings& settings, sensor_feed& feed);

/// Adds /sensors, for clients that speak no subprotocol of channels: the latest reading at once and each new one, in JSON, XML or
/// CBOR by subprotocol.
void add_sensors(server& to, channels& from, const serve_settings& settings);

}  // namespace twinsocket::app
