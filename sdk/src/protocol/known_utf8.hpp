#pragma once

#include "twinsocket/message.hpp"

namespace twinsocket::detail {

/// Marks messages that were received: if they are text it was validated, and sending it on does not validate it again.
struct known_utf8 {
  static void set(message& m) noexcept { m.known_utf8_ = true; }
  [[nodiscard]] static bool is_set(const message& m) noexcept { return m.known_utf8_; }
};

}  // namespace twinsocket::detail
