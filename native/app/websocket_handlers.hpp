#pragma once

// The handlers of the program's WebSocket routes.

#include "sensors/feed.hpp"
#include "twinsocket/connection.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::app {

/// Echoes every message.
[[nodiscard]] task<void> echo(connection socket);
/// Echoes messages of any size: each fragment is sent back as it arrives.
[[nodiscard]] task<void> echo_stream(connection socket);

/// Sends "Hello" and a number, separated by two spaces, ten times, and waits for a reply each time. Then closes.
[[nodiscard]] task<void> send_greetings(connection socket);

/// Receives one demo::person and prints it to standard output. Closes with 1007 and the reason if decoding fails.
[[nodiscard]] task<void> receive_person_json(connection socket);
[[nodiscard]] task<void> receive_person_xml(connection socket);

/// Sends the sensors' readings as text. Sends the next readings after the client has replied with any message.
[[nodiscard]] task<void> send_readings(connection socket, sensor_feed& feed);

}  // namespace twinsocket::app
