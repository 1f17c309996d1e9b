#pragma once

// Rooms in which all hear what one says.

#include "twinsocket/native/options.hpp"
#include "twinsocket/native/server.hpp"

namespace twinsocket::app {

/// Adds /chat/ROOM, and /chat for the room "lobby". Who comes gives a name in the query, as in "/chat/tea?name=Jan", gets
/// the last messages, and is told from then on who comes, goes, and says what, as demo::chat_message in JSON.
void add_chat(server& to, websocket_options options);

}  // namespace twinsocket::app
