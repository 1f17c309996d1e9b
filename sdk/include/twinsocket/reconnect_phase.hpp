#pragma once

// Where a reconnecting client stands.

#include "twinsocket/detail/cxx20.hpp"

#include <cstdint>
#include <string_view>

namespace twinsocket {

enum class reconnect_phase : std::uint8_t {
  connecting,  ///< An attempt is under way.
  preparing,   ///< There is a connection, and what is to be said on it first is being said.
  open,        ///< Messages go out and come in.
  waiting,     ///< The next attempt is due after a while.
  paused,      ///< There seems to be no network: the next attempt is due after a long wait, or as soon as there is one.
  closed,      ///< It is over for good.
};

/// The name above.
[[nodiscard]] constexpr std::string_view describe(reconnect_phase phase) noexcept {
  constexpr std::string_view names[] = {"connecting", "preparing", "open", "waiting", "paused", "closed"};
  return names[static_cast<std::uint8_t>(phase)];
}

}  // namespace twinsocket
