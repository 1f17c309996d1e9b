#pragma once

// The chat rooms of the demo, as channels.

#include <cstddef>
#include <memory>
#include <string>

#include "twinsocket/native/channels.hpp"

namespace twinsocket::app {

/// The channels of the demo with the chat rooms, in the namespace "chat", as "chat:lobby": everybody may publish texts of up
/// to 4 KiB, 5 in a second. Each room keeps its last `history` publications for an hour, and tells who is there. At most 200
/// rooms have somebody in them, and a client is in at most 10. The token of a client is its name, "somebody" without one.
[[nodiscard]] std::shared_ptr<channels> make_rooms(std::shared_ptr<broker> where, std::size_t history);

/// Whether a user or a room may be called this.
[[nodiscard]] bool is_chat_name(const std::string& text);
[[nodiscard]] std::string chat_name_rule();

}  // namespace twinsocket::app
