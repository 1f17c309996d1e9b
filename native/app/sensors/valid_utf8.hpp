#pragma once

// Makes text of other programs valid for a text message.

#include <string>
#include <string_view>

namespace twinsocket::app {

/// Replaces every byte that is not part of valid UTF-8 by U+FFFD.
[[nodiscard]] std::string to_valid_utf8(std::string_view text);

}  // namespace twinsocket::app
