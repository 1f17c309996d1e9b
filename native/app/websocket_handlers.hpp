#pragma once

// The handlers of WebSocket routes that only the program has, not the server in the page.

#include "demo-site/messages.hpp"
#include "sensors/feed.hpp"
#include "twinsocket/connection.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::app {

/// Echoes messages of any size: each fragment is sent back as it arrives.
[[nodiscard]] task<void> echo_stream(connection socket);

/// Prints a person to standard output.
void print_person(const demo::person& person);

/// Sends the sensors' readings as text. Sends the next readings after the client has replied with any message.
[[nodiscard]] task<void> send_readings(connection socket, sensor_feed& feed);

}  // namespace twinsocket::app
