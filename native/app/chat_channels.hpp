#pragma once

#include "twinsocket/native/options.hpp"
#include "twinsocket/native/server.hpp"

namespace twinsocket::app {

/// Adds /channels, for clients of channels: the rooms of the namespace "chat", as "chat:lobby", to which everybody may publish
/// texts of up to 4 KiB. Each keeps its last 50 publications for an hour, and tells who is there. The token of a client is its
/// name, "somebody" without one.
void add_channels(server& to, websocket_options options);

}  // namespace twinsocket::app
