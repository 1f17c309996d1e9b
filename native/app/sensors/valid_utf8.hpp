#pragma once

// Text from other programs, made fit for a text message.

#include <string>
#include <string_view>

namespace twinsocket::app {

/// The text with every byte that is not part of valid UTF-8 replaced by U+FFFD.
[[nodiscard]] std::string to_valid_utf8(std::string_view text);

}  // namespace twinsocket::app
