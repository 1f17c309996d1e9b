#pragma once

// Chat rooms for clients that speak no subprotocol of channels.

#include "twinsocket/native/channels.hpp"
#include "twinsocket/native/options.hpp"
#include "twinsocket/native/server.hpp"

namespace twinsocket::app {

/// Adds /chat/ROOM, and /chat for the room "lobby": the channels "chat:ROOM", shared with the clients of channels. A client passes
/// its name in the query, as in "/chat/tea?name=Jan". It receives the last 20 messages, then every join, leave and
/// message of the room, as demo::chat_message in JSON.
void add_chat(server& to, channels& rooms, websocket_options options);

}  // namespace twinsocket::app
