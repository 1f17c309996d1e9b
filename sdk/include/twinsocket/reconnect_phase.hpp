#pragma once

// The phases of a reconnecting client.

#include "twinsocket/detail/cxx20.hpp"

#include <cstdint>
#include <string_view>

namespace twinsocket {

/// What a reconnecting client does at the moment.
enum class reconnect_phase : std::uint8_t {
  connecting,  ///< An attempt is in progress.
  preparing,   ///< Connected; the on_connected function runs.
  open,        ///< Messages are sent and received.
  waiting,     ///< The next attempt starts after a delay.
  paused,  ///< There seems to be no network: the next attempt starts after a long delay, or when the network is back.
  closed,  ///< Ended for good.
};

/// The name of the enumerator.
[[nodiscard]] constexpr std::string_view describe(reconnect_phase phase) noexcept {
  constexpr std::string_view names[] = {"connecting", "preparing", "open", "waiting", "paused", "closed"};
  return names[static_cast<std::uint8_t>(phase)];
}

}  // namespace twinsocket
