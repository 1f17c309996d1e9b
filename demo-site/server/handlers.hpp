#pragma once

// The handlers of the demo's WebSocket routes.

#include <functional>

#include "demo-site/messages.hpp"
#include "twinsocket/connection.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::app {

/// Echoes every message.
[[nodiscard]] task<void> echo(connection socket);

/// Sends "Hello" and a number, separated by two spaces, ten times, and waits for a reply each time. Then closes.
[[nodiscard]] task<void> send_greetings(connection socket);

/// Is called with each received person.
using person_hook = std::function<void(const demo::person&)>;

/// Receives one demo::person. Closes with 1007 and the reason if decoding fails.
[[nodiscard]] task<void> receive_person_json(connection socket, person_hook received);
[[nodiscard]] task<void> receive_person_xml(connection socket, person_hook received);

}  // namespace twinsocket::app
