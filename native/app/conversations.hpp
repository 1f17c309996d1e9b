#pragma once

// What the program's server says on each of its WebSocket routes.

#include "sensors/feed.hpp"
#include "twinsocket/connection.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::app {

/// Sends every message back as it came.
[[nodiscard]] task<void> echo(connection socket);
/// The same for messages of any size: each piece goes back as it comes.
[[nodiscard]] task<void> echo_stream(connection socket);

/// The server speaks first: ten times "Hello" and a number, with two spaces between, and each time waits for a reply.
[[nodiscard]] task<void> say_hello(connection socket);

/// Receives one demo::person and prints it on standard output. A message that is none closes with 1007 and the reason.
[[nodiscard]] task<void> meet_in_json(connection socket);
[[nodiscard]] task<void> meet_in_xml(connection socket);

/// Sends the sensors' text for people, and the next one when the client has answered with whatever message.
[[nodiscard]] task<void> send_temperatures(connection socket, sensor_feed& feed);

}  // namespace twinsocket::app
