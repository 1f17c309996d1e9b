#pragma once

// How a peer that is gone is found where there are no pings: in a browser. Client and server agree on it by the name of
// the subprotocol, "NAME+heartbeat" for NAME and "heartbeat" for none: whoever does not know of it chooses the plain name.
// Then the text message U+0000 is no message: the server sends it back at once, and neither side delivers it.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twinsocket/message.hpp"

namespace twinsocket::detail {

inline constexpr std::string_view heartbeat_name = "heartbeat";
inline constexpr std::string_view heartbeat_suffix = "+heartbeat";
/// The bytes of the message.
inline constexpr std::string_view heartbeat_text{"\0", 1};

[[nodiscard]] inline bool is_heartbeat(message_kind kind, std::span<const std::byte> bytes) noexcept {
  return kind == message_kind::text && bytes.size() == 1 && bytes[0] == std::byte{0};
}

/// True for a subprotocol with which it was agreed on.
[[nodiscard]] inline bool has_heartbeat(std::string_view subprotocol) noexcept {
  return subprotocol == heartbeat_name || subprotocol.ends_with(heartbeat_suffix);
}

/// The subprotocol that its users speak of.
[[nodiscard]] inline std::string without_heartbeat(std::string_view subprotocol) {
  if (subprotocol.ends_with(heartbeat_suffix)) subprotocol.remove_suffix(heartbeat_suffix.size());
  return std::string(subprotocol);
}

/// The same subprotocol with a heartbeat.
[[nodiscard]] inline std::string with_heartbeat(std::string_view subprotocol) {
  if (subprotocol.empty()) return std::string(heartbeat_name);
  return std::string(subprotocol).append(heartbeat_suffix);
}

/// What a client that has no pings offers: first what was asked for, then the same with a heartbeat. Where nothing is
/// asked for nothing is offered: browsers fail a connection whose server takes none of what was offered.
[[nodiscard]] inline std::vector<std::string> offer_heartbeats(std::vector<std::string> subprotocols) {
  const std::size_t count = subprotocols.size();
  for (std::size_t i = 0; i < count; ++i)
    if (!has_heartbeat(subprotocols[i])) subprotocols.push_back(with_heartbeat(subprotocols[i]));
  return subprotocols;
}

}  // namespace twinsocket::detail
