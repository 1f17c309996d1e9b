#pragma once

// Heartbeats for platforms without pings, that is, browsers: they detect a lost peer. Both sides agree on them through
// the name of the subprotocol: "NAME+heartbeat" for NAME, and "heartbeat" for none. A server that does not know them
// chooses the plain name. Once agreed, the text message U+0000 is a heartbeat: the server echoes it at once, and neither
// side delivers it to the application.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twinsocket/message.hpp"

namespace twinsocket::detail {

inline constexpr std::string_view heartbeat_name = "heartbeat";
inline constexpr std::string_view heartbeat_suffix = "+heartbeat";
/// The payload of the message.
inline constexpr std::string_view heartbeat_text{"\0", 1};

[[nodiscard]] inline bool is_heartbeat(message_kind kind, std::span<const std::byte> bytes) noexcept {
  return kind == message_kind::text && bytes.size() == 1 && bytes[0] == std::byte{0};
}

/// True for a subprotocol with heartbeats.
[[nodiscard]] inline bool has_heartbeat(std::string_view subprotocol) noexcept {
  return subprotocol == heartbeat_name || subprotocol.ends_with(heartbeat_suffix);
}

/// The subprotocol without the heartbeat suffix, as the application sees it.
[[nodiscard]] inline std::string without_heartbeat(std::string_view subprotocol) {
  if (subprotocol.ends_with(heartbeat_suffix)) subprotocol.remove_suffix(heartbeat_suffix.size());
  return std::string(subprotocol);
}

/// The same subprotocol with heartbeats.
[[nodiscard]] inline std::string with_heartbeat(std::string_view subprotocol) {
  if (subprotocol.empty()) return std::string(heartbeat_name);
  return std::string(subprotocol).append(heartbeat_suffix);
}

/// What a client without pings offers: the requested subprotocols, then the same with heartbeats. If none is requested
/// none is offered, because browsers fail a connection whose server selects none of those offered.
[[nodiscard]] inline std::vector<std::string> offer_heartbeats(std::vector<std::string> subprotocols) {
  const std::size_t count = subprotocols.size();
  for (std::size_t i = 0; i < count; ++i)
    if (!has_heartbeat(subprotocols[i])) subprotocols.push_back(with_heartbeat(subprotocols[i]));
  return subprotocols;
}

}  // namespace twinsocket::detail
