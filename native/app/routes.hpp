#pragma once

#include <memory>

#include "options.hpp"
#include "sensors/feed.hpp"
#include "twinsocket/native/channels.hpp"
#include "twinsocket/native/server.hpp"

namespace twinsocket::app {

/// The options of the server's WebSockets.
[[nodiscard]] websocket_options websocket_options_for(const serve_settings& settings);

/// Adds all routes of `twinsocket serve`. The feed must outlive the server.
void add_routes(server& to, const serve_settings& settings, sensor_feed& feed, std::shared_ptr<channels> rooms);

}  // namespace twinsocket::app
