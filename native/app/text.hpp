#pragma once

// What others sent, made fit to be shown.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace twinsocket::app {

/// UTF-8 text with its control characters written out, as in "\x1b": one that comes from outside must not steer a
/// terminal, nor begin a line of its own. Those in `kept` stay as they are.
[[nodiscard]] std::string printable(std::string_view text, std::string_view kept = {});

/// Bytes in hexadecimal: "00 ff c0 de".
[[nodiscard]] std::string hex(std::span<const std::byte> bytes);

}  // namespace twinsocket::app
