#pragma once

#include <memory>

#include "options.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/native/channels.hpp"
#include "twinsocket/native/options.hpp"
#include "twinsocket/native/server.hpp"

namespace twinsocket::app {

/// The chat rooms, in the namespace "chat", as "chat:lobby": everybody may publish texts of up to 4 KiB, 5 in a second. Each
/// keeps its last 50 publications for an hour, and tells who is there. At most 200 rooms have somebody in them, and a client is in
/// at most 10. The error says what is wrong with --broker.
[[nodiscard]] result<std::shared_ptr<channels>> make_chat_rooms(const serve_settings& settings, log_hook log);

/// Adds /channels, for clients of channels. The token of a client is its name, "somebody" without one.
void add_channels(server& to, channels& rooms, websocket_options options);

}  // namespace twinsocket::app
