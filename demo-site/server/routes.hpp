#pragma once

// The WebSocket routes of the demo, which `twinsocket serve` and the server in the page have in common.

#include <string>

#include "demo-site/server/handlers.hpp"
#include "twinsocket/native/channels.hpp"
#include "twinsocket/native/options.hpp"
#include "twinsocket/native/server.hpp"

namespace twinsocket::app {

struct demo_routes {
  websocket_options options;   ///< Those of all routes.
  std::string sensor_channel;  ///< The channel in which demo::sensor_report is published as JSON.
  person_hook on_person;       ///< Called for each demo::person received.
};

/// Adds /echo, /ws/echo, /hello, /person/json and /person/xml; /sensors, for clients that speak no subprotocol of channels:
/// the latest reading at once and each new one, in JSON, XML or CBOR by subprotocol; and /channels, for clients of channels.
void add_demo_routes(server& to, channels& rooms, const demo_routes& how);

/// Options of the channel of sensor readings. The last one is kept for `kept_for`. For a slow client only the newest unsent
/// reading stays queued.
[[nodiscard]] channel_options sensor_channel_options(std::chrono::milliseconds kept_for);

}  // namespace twinsocket::app
